// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/reading_changes.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/limits.h"
#include "server/capture/live_feed.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

// Checks that a session can read its capture again in this way. The read filter
// looks at frames that aren't edited, which is only possible for those that
// have been read.
absl::Status CheckReading(const SessionReading& reading,
                          const Session& session) {
  if (session.processes()->facts().live() && reading.has_read_filter() &&
      reading.edits.ForReading().edits_size() > 0) {
    return errors::SessionLive(
        "The session has a read filter and its capture still runs: frames can "
        "be marked now, and edited in other ways when it has ended.");
  }
  RETURN_IF_ERROR(CheckCanReadAgain(session));
  return session.processes()->may_open_files()
             ? absl::OkStatus()
             : errors::SessionLive(
                   "The capture of the session was deleted and has several "
                   "files, which can't be read again; frames can be marked.");
}

}  // namespace

v1::OpenSessionRequest WithoutSource(v1::OpenSessionRequest request) {
  request.clear_source();
  request.clear_idle_timeout();
  // Sessions have two passes anyway.
  if (request.has_options()) request.mutable_options()->clear_two_pass();
  return request;
}

absl::Status CheckCanReadAgain(const Session& session) {
  return session.processes()->can_read_again()
             ? absl::OkStatus()
             : errors::SessionLive(absl::StrCat(
                   "The session has read more than ", LiveFeed::kMaxKeptFiles,
                   " files of its capture, and can't read them again; open one "
                   "of a file."));
}

bool IsReadAs(const SessionReading& reading, const Session& session) {
  return reading.edits.ForReading().SerializeAsString() ==
         session.reading().edits.ForReading().SerializeAsString();
}

absl::StatusOr<SessionReading> ReadingAfter(
    const v1::ReloadSessionRequest& request, const Session& session) {
  SessionReading reading = session.reading();
  if (request.has_options()) {
    v1::DissectionOptions options = request.options();
    if (options.engine().empty()) {
      options.set_engine(reading.request.options().engine());
    }
    *reading.request.mutable_options() = std::move(options);
  }
  if (!request.added_tls_key_log().empty()) {
    std::string* const keys =
        reading.request.mutable_options()->mutable_tls_key_log();
    absl::StrAppend(keys, keys->empty() ? "" : "\n",
                    request.added_tls_key_log());
    if (keys->size() > kMaxRequestBytes) {
      return errors::KeyLogTooLarge(kMaxRequestBytes);
    }
  }
  reading.request = WithoutSource(std::move(reading.request));
  RETURN_IF_ERROR(CheckReading(reading, session));
  return reading;
}

absl::StatusOr<SessionReading> ReadingAfter(
    const v1::EditSessionRequest& request, const Session& session) {
  SessionReading reading = session.reading();
  RETURN_IF_ERROR(reading.edits.Apply(request.edits(),
                                      session.processes()->facts().frames()));
  if (!IsReadAs(reading, session)) {
    RETURN_IF_ERROR(CheckReading(reading, session));
  }
  return reading;
}

}  // namespace dissectd::server
