// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_SESSIONS_H_
#define SERVER_LIVE_LIVE_SESSIONS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/live/live_reader.h"
#include "server/live/live_session.h"

namespace dissectd {

// All sessions that follow live captures, by their SessionKey. A reader joins
// one that exists if it can, or begins its own, which becomes one with another
// when both wait for the capture at the same frame. Used on the loop's thread
// only.
class LiveSessions {
 public:
  explicit LiveSessions(const LiveSession::Parts& parts) : parts_(parts) {}
  LiveSessions(const LiveSessions&) = delete;
  LiveSessions& operator=(const LiveSessions&) = delete;

  // Has a session serve the reader, which hears of it by OnSession. Errors:
  // CAPTURE_NOT_FOUND.
  absl::Status Join(LiveReader* reader);

  // Frames that the capture has so far. Errors: CAPTURE_NOT_FOUND.
  absl::StatusOr<uint32_t> FramesSoFar(const std::string& capture) const {
    return LiveSession::FramesSoFar(parts_, capture);
  }

 private:
  using Group = std::vector<std::shared_ptr<LiveSession>>;

  void OnWaiting(const std::string& key, LiveSession* session);
  void Forget(const std::string& key, LiveSession* session);
  // Where the session should stop next, to meet another one that is ahead.
  static uint64_t NextMeeting(const Group& group, const LiveSession& session);

  const LiveSession::Parts parts_;
  std::map<std::string, Group> by_key_;
};

}  // namespace dissectd

#endif  // SERVER_LIVE_LIVE_SESSIONS_H_
