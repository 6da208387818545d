// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_READING_CHANGES_H_
#define SERVER_SESSION_READING_CHANGES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/session/session.h"
#include "server/session/session_reading.h"

// What a session reads when it is opened, and after requests that change it.
namespace dissectd::server {

// Returns a request with only what processes have to know.
v1::OpenSessionRequest WithoutSource(v1::OpenSessionRequest request);

// Returns what a session reads after the request, whose engine is the whole id
// of one, or empty. Errors: KEY_LOG_TOO_LARGE, SESSION_LIVE.
absl::StatusOr<SessionReading> ReadingAfter(
    const v1::ReloadSessionRequest& request, const Session& session);
// Errors: SESSION_LIVE, those of SessionEdits::Apply.
absl::StatusOr<SessionReading> ReadingAfter(
    const v1::EditSessionRequest& request, const Session& session);

// Whether the session's present processes have read this.
bool IsReadAs(const SessionReading& reading, const Session& session);

// Checks that the capture of a session can be read again. Errors: SESSION_LIVE.
absl::Status CheckCanReadAgain(const Session& session);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_READING_CHANGES_H_
