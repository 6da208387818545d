// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_ERRORS_H_
#define SERVER_SESSION_SESSION_ERRORS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"

// The errors of sessions; docs/errors.md lists them with the others.
namespace dissectd::server::errors {

absl::Status SessionNotFound(absl::string_view name);
absl::Status SessionNotReady(absl::string_view name);
absl::Status SessionFailed(absl::string_view name, const v1::Failure& cause);
absl::Status SessionLive(absl::string_view message);
absl::Status SessionClosed(absl::string_view name);
absl::Status SessionTooLarge(uint64_t limit);
absl::Status SessionFileChanged();
absl::Status KeyLogTooLarge(uint64_t limit);
absl::Status EditInvalid(absl::string_view message);
absl::Status TooManyEdits(absl::string_view message);
absl::Status TooManySessions(uint32_t limit);
absl::Status TooManySessionsOfCaller(uint32_t limit);
absl::Status FrameNotFound(uint32_t frame, uint32_t frames);
absl::Status OptionsUnexpected();

}  // namespace dissectd::server::errors

#endif  // SERVER_SESSION_SESSION_ERRORS_H_
