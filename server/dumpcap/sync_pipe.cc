// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/sync_pipe.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dissectd::server {
namespace {

using Kind = SyncMessage::Kind;

// A letter, and the length of the body in network order.
constexpr size_t kHeaderBytes = 4;
// dumpcap 4.0 sends up to 4096 bytes, 4.4 up to 512,000.
constexpr size_t kMaxBodyBytes = 1 << 20;
constexpr size_t kMaxStrayBytes = 8192;

bool IsKind(char letter) {
  switch (static_cast<Kind>(letter)) {
    case Kind::kFile:
    case Kind::kPacketCount:
    case Kind::kDrops:
    case Kind::kBadFilter:
    case Kind::kError:
    case Kind::kWarning:
    case Kind::kSuccess:
    case Kind::kLog:
    case Kind::kInterfaceList:
    case Kind::kExecFailed:
      return true;
  }
  return false;
}

size_t BodyBytes(absl::string_view header) {
  size_t length = 0;
  for (const char byte : header.substr(1, 3)) {
    length = length << 8 | static_cast<unsigned char>(byte);
  }
  return length;
}

bool HasHeader(absl::string_view bytes) { return bytes.size() >= kHeaderBytes; }

// Bodies are strings that end with a NUL.
absl::string_view WithoutNul(absl::string_view body) {
  return body.substr(0, body.find('\0'));
}

absl::Status Malformed(char letter, absl::string_view body) {
  return absl::DataLossError(absl::StrCat("a message ", std::string(1, letter),
                                          " with \"", WithoutNul(body), "\""));
}

// Parses `NUMBER` or `NUMBER:TEXT`. Names of interfaces may contain colons.
absl::Status ParseNumberAndText(char letter, absl::string_view body,
                                bool has_text, SyncMessage* message) {
  const absl::string_view text = WithoutNul(body);
  const size_t colon = has_text ? text.find(':') : absl::string_view::npos;
  if (has_text && colon == absl::string_view::npos) {
    return Malformed(letter, body);
  }
  if (!absl::SimpleAtoi(text.substr(0, colon), &message->number)) {
    return Malformed(letter, body);
  }
  if (has_text) message->text = std::string(text.substr(colon + 1));
  return absl::OkStatus();
}

// Parses a body that consists of two messages, each with a header.
absl::Status ParseTwoParts(char letter, absl::string_view body,
                           SyncMessage* message) {
  std::string* const parts[] = {&message->text, &message->secondary};
  for (std::string* part : parts) {
    if (!HasHeader(body) || body.size() - kHeaderBytes < BodyBytes(body)) {
      return Malformed(letter, body);
    }
    *part = std::string(WithoutNul(body.substr(kHeaderBytes, BodyBytes(body))));
    body.remove_prefix(kHeaderBytes + BodyBytes(body));
  }
  return absl::OkStatus();
}

absl::StatusOr<SyncMessage> Parse(char letter, absl::string_view body) {
  SyncMessage message = {};
  message.kind = static_cast<Kind>(letter);
  switch (message.kind) {
    case Kind::kPacketCount:
      RETURN_IF_ERROR(ParseNumberAndText(letter, body, false, &message));
      break;
    case Kind::kDrops:
    case Kind::kBadFilter:
      RETURN_IF_ERROR(ParseNumberAndText(letter, body, true, &message));
      break;
    case Kind::kError:
    case Kind::kWarning:
      RETURN_IF_ERROR(ParseTwoParts(letter, body, &message));
      break;
    case Kind::kFile:
    case Kind::kSuccess:
    case Kind::kLog:
    case Kind::kInterfaceList:
    case Kind::kExecFailed:
      message.text = std::string(WithoutNul(body));
      break;
  }
  return message;
}

// Returns a message with a body that needn't be a string.
std::string Frame(char letter, absl::string_view body) {
  const size_t size = body.size();
  return absl::StrCat(
      std::string{letter, static_cast<char>(size >> 16),
                  static_cast<char>(size >> 8), static_cast<char>(size)},
      body);
}

std::string FrameText(char letter, const std::string& text) {
  return Frame(letter, {text.c_str(), text.size() + 1});
}

}  // namespace

std::string EncodeSyncMessage(const SyncMessage& message) {
  const char letter = static_cast<char>(message.kind);
  switch (message.kind) {
    case Kind::kPacketCount:
      return FrameText(letter, absl::StrCat(message.number));
    case Kind::kDrops:
    case Kind::kBadFilter:
      return FrameText(letter, absl::StrCat(message.number, ":", message.text));
    case Kind::kError:
    case Kind::kWarning:
      return Frame(letter, FrameText(letter, message.text) +
                               FrameText(letter, message.secondary));
    default:
      return FrameText(letter, message.text);
  }
}

absl::StatusOr<std::vector<SyncMessage>> SyncPipeParser::Take(
    absl::string_view bytes) {
  std::vector<SyncMessage> messages;
  pending_.append(bytes.data(), bytes.size());
  absl::string_view rest = pending_;
  while (!broken_ && !rest.empty()) {
    if (!IsKind(rest[0]) ||
        (HasHeader(rest) && BodyBytes(rest) > kMaxBodyBytes)) {
      broken_ = true;
      break;
    }
    if (!HasHeader(rest) || rest.size() - kHeaderBytes < BodyBytes(rest)) break;
    const absl::string_view body = rest.substr(kHeaderBytes, BodyBytes(rest));
    absl::StatusOr<SyncMessage> message = Parse(rest[0], body);
    if (!message.ok()) {
      broken_ = true;
      return message.status();
    }
    messages.push_back(*std::move(message));
    rest.remove_prefix(kHeaderBytes + body.size());
  }
  if (broken_) {
    // Messages that were complete before are lost, too; the capture ends in any
    // case.
    const size_t room = kMaxStrayBytes - stray_text_.size();
    absl::StrAppend(&stray_text_, rest.substr(0, room));
    pending_.clear();
    return absl::DataLossError(
        absl::StrCat("text that isn't a message: \"", stray_text_, "\""));
  }
  pending_.erase(0, pending_.size() - rest.size());
  return messages;
}

}  // namespace dissectd::server
