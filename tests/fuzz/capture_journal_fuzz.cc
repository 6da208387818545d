// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as the journal of a capture, and then as entries whose
// lengths and checksums are right. A journal that was read can be written and
// read again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/crc32c.h"
#include "server/capture/capture_journal.h"

namespace {

using dissectd::server::CaptureJournal;
using dissectd::server::DecodeJournal;
using dissectd::server::EncodeHistory;

constexpr char kSignature[] = "dissectd capture journal 1\n";

void AppendNumber(uint32_t number, std::string* bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes->push_back(static_cast<char>(number >> shift));
  }
}

// Makes each piece of the input, which begins with its length, an entry.
std::string JournalOf(absl::string_view input) {
  std::string journal = kSignature;
  while (!input.empty()) {
    const auto length = static_cast<unsigned char>(input[0]);
    const absl::string_view payload = input.substr(1, length);
    AppendNumber(static_cast<uint32_t>(payload.size()), &journal);
    AppendNumber(dissectd::server::Crc32c(payload), &journal);
    journal.append(payload.data(), payload.size());
    input.remove_prefix(1 + payload.size());
  }
  return journal;
}

void ReadJournal(absl::string_view bytes) {
  const std::optional<CaptureJournal> journal = DecodeJournal(bytes);
  if (!journal.has_value()) return;
  if (journal->size > bytes.size()) std::abort();
  const std::string written = EncodeHistory(journal->history);
  const std::optional<CaptureJournal> again = DecodeJournal(written);
  if (!again.has_value() || again->size != written.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  ReadJournal(input);
  ReadJournal(JournalOf(input));
  return 0;
}
