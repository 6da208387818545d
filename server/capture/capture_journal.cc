// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_journal.h"

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/utf8.h"
#include "server/base/crc32c.h"

namespace dissectd::server {
namespace {

// The format's name and version.
constexpr absl::string_view kSignature = "dissectd capture journal 1\n";

// The first byte of an entry's payload; a serialised message follows, unless
// something else is said here.
enum class EntryKind : char {
  // The id of the principal that created the capture. Earlier versions didn't
  // write it, as all callers were anonymous.
  kCreator = 'C',
  // A dissectd.v1.Capture: what is known of it so far.
  kDescription = 'D',
  // A dissectd.v1.CaptureFile that belongs to the description.
  kFile = 'F',
  // A dissectd.v1.CaptureEvent that the description has taken into account.
  kPastEvent = 'P',
  // A dissectd.v1.CaptureEvent that changes what the description says.
  kEvent = 'E',
};

// The header of an entry: the length and the checksum of its payload, in
// network order.
constexpr size_t kHeaderSize = 8;

std::string EncodeNumber(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
          static_cast<char>(number >> 8), static_cast<char>(number)};
}

uint32_t DecodeNumber(absl::string_view bytes) {
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

std::string EncodeEntry(EntryKind kind, absl::string_view content) {
  const std::string payload =
      absl::StrCat(std::string(1, static_cast<char>(kind)), content);
  return absl::StrCat(EncodeNumber(static_cast<uint32_t>(payload.size())),
                      EncodeNumber(Crc32c(payload)), payload);
}

std::string EncodeEntry(EntryKind kind,
                        const google::protobuf::MessageLite& message) {
  return EncodeEntry(kind, message.SerializeAsString());
}

// Removes the payload of the next entry from the bytes; absent if it is cut
// short or damaged.
std::optional<absl::string_view> TakePayload(absl::string_view* bytes) {
  if (bytes->size() < kHeaderSize) return std::nullopt;
  const size_t size = DecodeNumber(*bytes);
  const uint32_t checksum = DecodeNumber(bytes->substr(4));
  if (size == 0 || size > bytes->size() - kHeaderSize) return std::nullopt;
  const absl::string_view payload = bytes->substr(kHeaderSize, size);
  if (Crc32c(payload) != checksum) return std::nullopt;
  bytes->remove_prefix(kHeaderSize + size);
  return payload;
}

bool IsOf(EntryKind kind, const std::optional<absl::string_view>& payload) {
  return payload.has_value() && (*payload)[0] == static_cast<char>(kind);
}

template <typename Message>
bool Parse(absl::string_view bytes, Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Adds an entry after the description to the history.
bool TakeEntry(absl::string_view payload, CaptureHistory* history) {
  const auto kind = static_cast<EntryKind>(payload[0]);
  payload.remove_prefix(1);
  if (kind == EntryKind::kFile) {
    v1::CaptureFile file;
    if (!Parse(payload, &file)) return false;
    history->RestoreFile(std::move(file));
  } else if (kind == EntryKind::kPastEvent || kind == EntryKind::kEvent) {
    v1::CaptureEvent event;
    if (!Parse(payload, &event)) return false;
    if (kind == EntryKind::kPastEvent) {
      history->RestoreEvent(std::move(event));
    } else {
      history->Replay(std::move(event));
    }
  }
  // Others are those of later versions.
  return true;
}

}  // namespace

std::string EncodeHistory(const CaptureHistory& history) {
  std::string bytes(kSignature);
  bytes += EncodeEntry(EntryKind::kCreator, history.creator().id);
  bytes += EncodeEntry(EntryKind::kDescription, history.description());
  for (const v1::CaptureFile& file : history.files()) {
    bytes += EncodeEntry(EntryKind::kFile, file);
  }
  for (const v1::CaptureEvent& event : history.log().events()) {
    bytes += EncodeEntry(EntryKind::kPastEvent, event);
  }
  return bytes;
}

std::string EncodeEvent(const v1::CaptureEvent& event) {
  return EncodeEntry(EntryKind::kEvent, event);
}

std::optional<CaptureJournal> DecodeJournal(absl::string_view bytes) {
  absl::string_view rest = bytes;
  if (!absl::ConsumePrefix(&rest, kSignature)) return std::nullopt;
  std::optional<absl::string_view> payload = TakePayload(&rest);
  Principal creator;
  if (IsOf(EntryKind::kCreator, payload)) {
    creator.id = std::string(payload->substr(1));
    payload = TakePayload(&rest);
  }
  // The name becomes a field of the capture, which must be UTF-8.
  if (creator.id.empty() || !IsValidUtf8(creator.id) ||
      !IsOf(EntryKind::kDescription, payload)) {
    return std::nullopt;
  }
  v1::Capture description;
  if (!Parse(payload->substr(1), &description)) return std::nullopt;
  CaptureJournal journal;
  journal.history = CaptureHistory(std::move(description), std::move(creator));
  do {
    journal.size = bytes.size() - rest.size();
    payload = TakePayload(&rest);
  } while (payload.has_value() && TakeEntry(*payload, &journal.history));
  return journal;
}

}  // namespace dissectd::server
