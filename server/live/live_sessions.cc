// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_sessions.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "server/live/live_request.h"

namespace dissectd {

absl::Status LiveSessions::Join(LiveReader* reader) {
  const std::string key = SessionKey(reader->request());
  // By value: a session that admits a reader may wait already.
  const Group group = by_key_[key];
  const auto found = std::find_if(
      group.begin(), group.end(),
      [=](const auto& session) { return session->CanAdmit(*reader); });
  if (found != group.end()) {
    (*found)->Admit(reader);
    return absl::OkStatus();
  }
  LiveSession::Events events;
  events.on_waiting = [this, key](LiveSession* session) {
    OnWaiting(key, session);
  };
  events.on_closed = [this, key](LiveSession* session) {
    Forget(key, session);
  };
  absl::StatusOr<std::shared_ptr<LiveSession>> session = LiveSession::Start(
      parts_, reader->request().capture(), std::move(events), reader);
  if (session.ok()) {
    by_key_[key].push_back(*session);
  } else if (group.empty()) {
    by_key_.erase(key);
  }
  return session.status();
}

void LiveSessions::OnWaiting(const std::string& key, LiveSession* session) {
  // By value: one that hands over may close another.
  const Group group = by_key_[key];
  for (const std::shared_ptr<LiveSession>& other : group) {
    if (other.get() == session || !other->is_waiting() ||
        !other->IsLike(*session)) {
      continue;
    }
    // The fewer readers move. This session lives: it has just said something.
    if (session->reader_count() >= other->reader_count()) {
      return other->HandOverTo(session->shared_from_this());
    }
    return session->HandOverTo(other);
  }
  session->Resume(NextMeeting(group, *session));
}

uint64_t LiveSessions::NextMeeting(const Group& group,
                                   const LiveSession& session) {
  uint64_t next = 0;
  if (session.is_alone()) return next;
  for (const std::shared_ptr<LiveSession>& other : group) {
    if (other->is_alone() || other->granted() <= session.position()) continue;
    if (next == 0 || other->granted() < next) next = other->granted();
  }
  return next;
}

void LiveSessions::Forget(const std::string& key, LiveSession* session) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  Group& group = found->second;
  group.erase(
      std::remove_if(group.begin(), group.end(),
                     [=](const auto& other) { return other.get() == session; }),
      group.end());
  if (group.empty()) by_key_.erase(found);
}

}  // namespace dissectd
