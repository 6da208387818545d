// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_errors.h"

#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "server/base/errors.h"
#include "server/base/replica.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

// Reading a capture takes seconds rather than minutes.
constexpr std::chrono::seconds kReadyDelay(1);
// Other callers close their sessions, or leave them idle.
constexpr std::chrono::seconds kFreeDelay(30);

}  // namespace

absl::Status SessionNotFound(absl::string_view name) {
  if (IsOfOtherReplica(name)) return OtherReplica(name);
  return MakeError(Code::kNotFound,
                   absl::StrCat("You have no open session \"", name, "\"."),
                   {"SESSION_NOT_FOUND", {{"session", std::string(name)}}, {}});
}

absl::Status SessionNotReady(absl::string_view name) {
  return WithRetryDelay(
      MakeError(
          Code::kFailedPrecondition,
          absl::StrCat("The session \"", name, "\" still reads its capture."),
          {"SESSION_NOT_READY", {{"session", std::string(name)}}, {}}),
      kReadyDelay);
}

absl::Status SessionFailed(absl::string_view name, const v1::Failure& cause) {
  ErrorInfo info = {"SESSION_FAILED",
                    {{"session", std::string(name)}, {"cause", cause.reason()}},
                    {}};
  const auto frame = cause.metadata().find("frame");
  if (frame != cause.metadata().end()) {
    info.metadata.emplace_back("frame", frame->second);
  }
  return MakeError(Code::kFailedPrecondition,
                   absl::StrCat("The session has failed, open another one: ",
                                cause.message()),
                   info);
}

absl::Status SessionLive(absl::string_view message) {
  return MakeError(Code::kFailedPrecondition, message,
                   {"SESSION_LIVE", {}, {}});
}

absl::Status SessionClosed(absl::string_view name) {
  return MakeError(Code::kAborted,
                   absl::StrCat("The session \"", name, "\" was closed."),
                   {"SESSION_CLOSED", {{"session", std::string(name)}}, {}});
}

absl::Status SessionTooLarge(uint64_t limit) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("The session's processes have more memory than the ", limit,
                   " bytes that the operator allows."),
      {"SESSION_TOO_LARGE", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status SessionFileChanged() {
  return MakeError(Code::kAborted,
                   "The session's capture file was changed; open it again.",
                   {"SESSION_FILE_CHANGED", {}, {}});
}

absl::Status KeyLogTooLarge(uint64_t limit) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The session's TLS secrets would be longer than ", limit,
                   " bytes; send only those that are needed, in `options`."),
      {"KEY_LOG_TOO_LARGE", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status EditInvalid(absl::string_view message) {
  return MakeError(Code::kInvalidArgument, message, {"EDIT_INVALID", {}, {}});
}

absl::Status TooManyEdits(absl::string_view message) {
  return MakeError(Code::kResourceExhausted, message,
                   {"TOO_MANY_EDITS", {}, {}});
}

absl::Status TooManySessions(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("Limit of ", limit,
                             " open sessions reached; retry later."),
                {"TOO_MANY_SESSIONS", {{"limit", absl::StrCat(limit)}}, {}}),
      kFreeDelay);
}

absl::Status TooManySessionsOfCaller(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("You have reached the limit of ", limit,
                             " open sessions of one caller; close one."),
                {"TOO_MANY_SESSIONS_OF_CALLER",
                 {{"limit", absl::StrCat(limit)}},
                 {}}),
      kFreeDelay);
}

absl::Status FrameNotFound(uint32_t frame, uint32_t frames) {
  return MakeError(
      Code::kOutOfRange,
      absl::StrCat("There is no frame ", frame, "; the session has ", frames,
                   "."),
      {"FRAME_NOT_FOUND",
       {{"frame", absl::StrCat(frame)}, {"frames", absl::StrCat(frames)}},
       {}});
}

absl::Status OptionsUnexpected() {
  return MakeError(Code::kInvalidArgument,
                   "A session has its own options; open another one.",
                   {"OPTIONS_UNEXPECTED", {}, {}});
}

}  // namespace dissectd::server::errors
