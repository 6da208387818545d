// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_CHANGE_H_
#define SERVER_SESSION_SESSION_CHANGE_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/session/session_processes.h"
#include "server/session/session_reading.h"

namespace dissectd::server {

class Session;

// A change of what a session reads. When it is its turn, other processes read
// the capture, and then take the place of the present ones. Until then, and if
// that fails, the session stays as it was. Destruction gives the change up.
// Used on the loop's thread only.
class SessionChange {
 public:
  // One of the processes that read the capture one after the other.
  struct Stage {
    std::shared_ptr<SessionProcesses> processes;
    bool is_last = true;
  };
  struct Steps {
    // Returns what the session reads from now on.
    absl::AnyInvocable<absl::StatusOr<SessionReading>(const Session& session)>
        plan;
    // Returns the processes that read it. `before` has read what the processes
    // need to know that the last call returned; null in the first call.
    absl::AnyInvocable<absl::StatusOr<Stage>(const SessionReading& reading,
                                             const SessionProcesses* before)>
        read;
  };
  struct Listener {
    // Called after each progress of reading; may be null, and may destroy the
    // change.
    std::function<void()> progressed;
    // Called once, not before Begin has returned; may destroy the change.
    absl::AnyInvocable<void(const absl::Status& status)> done;
  };

  SessionChange(IoLoop* loop, std::shared_ptr<Session> session, Steps steps,
                Listener listener);
  ~SessionChange();
  SessionChange(const SessionChange&) = delete;
  SessionChange& operator=(const SessionChange&) = delete;

  void Begin();

  const Session& session() const { return *session_; }
  // The processes that read; null before its turn.
  SessionProcesses* processes() const { return stage_.processes.get(); }

  // Ends it with an error. Called by the session.
  void Cut(const absl::Status& status);
  // Called by the session.
  void TakeTurn();

 private:
  absl::Status Plan();
  absl::Status Read();
  void OnProcessesChanged();
  void OnRead();
  void OnProgress();
  // End the change with a status: now, or once the caller has returned.
  void End(const absl::Status& status);
  void EndSoon(const absl::Status& status);
  void Unsubscribe();
  // Releases processes later, as they may be in the middle of a notification.
  void GiveUp(std::shared_ptr<SessionProcesses> processes);

  IoLoop* const loop_;
  const std::shared_ptr<Session> session_;
  Steps steps_;
  Listener listener_;
  SessionReading reading_;
  Stage stage_;
  uint64_t subscription_ = 0;
  bool ended_ = false;
  Timer timer_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_CHANGE_H_
