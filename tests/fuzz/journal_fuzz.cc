// SPDX-License-Identifier: GPL-2.0-or-later

// The reader of capture journals, with any bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "absl/strings/string_view.h"
#include "server/capture/capture_journal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::optional<dissectd::server::CaptureJournal> journal =
      dissectd::server::DecodeJournal(bytes);
  if (!journal.has_value()) return 0;
  if (journal->size > size) std::abort();
  // Reading the intact part again gives the same.
  const std::optional<dissectd::server::CaptureJournal> again =
      dissectd::server::DecodeJournal(bytes.substr(0, journal->size));
  if (!again.has_value() || again->size != journal->size) std::abort();
  return 0;
}
