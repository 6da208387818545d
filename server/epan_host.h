// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EPAN_HOST_H_
#define SERVER_EPAN_HOST_H_

#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "core/ipc/protocol.h"
#include "server/child_process.h"
#include "server/host_channel.h"
#include "server/io_loop.h"
#include "server/unique_fd.h"

namespace dissectd {

// How a session's process came to its end.
struct SessionEnd {
  enum class Kind {
    // It exited; `value` is its exit status.
    kExited,
    // A signal ended it; `value` is the signal.
    kSignaled,
    // It could not be forked; `value` is errno.
    kNotStarted,
    // The host died, and all sessions with it.
    kHostDied,
    // The host was not up in time.
    kHostUnavailable,
  };
  Kind kind;
  int value = 0;
};

// The descriptors that a session starts with.
struct SessionDescriptors {
  UniqueFd channel;
  UniqueFd status_page;
  UniqueFd capture;
};

// Keeps epan-host running, and has it fork sessions. If it dies it is started
// again; sessions that are asked for in between wait.
//
// All but the constructor and destructor run on the loop's thread.
class EpanHost {
 public:
  struct Options {
    std::string program;
    // Passed to the program beside `--control-fd`.
    std::vector<std::string> arguments;
    // Called whenever the host becomes ready, or not ready any more.
    std::function<void(bool ready)> on_ready_changed;
    // Called if the program says at its first start that it can't do what it is
    // told to. It isn't started again.
    std::function<void()> on_unusable;
  };
  using EndedFn = absl::AnyInvocable<void(const SessionEnd& end)>;

  // `loop` is not owned and outlives this.
  EpanHost(IoLoop* loop, Options options);
  EpanHost(const EpanHost&) = delete;
  EpanHost& operator=(const EpanHost&) = delete;

  // Starts the program for the first time. Errors: those of ChildProcess.
  absl::Status Start();

  // Ends the program and all sessions, for good.
  void Stop();

  // Has a session forked; returns its id. `ended` is called exactly once, later
  // than this returns.
  uint64_t StartSession(SessionDescriptors descriptors, EndedFn ended);

  // Has the session killed if it still runs.
  void KillSession(uint64_t id);

 private:
  struct Session {
    EndedFn ended;
    // Present until the host was told.
    std::optional<SessionDescriptors> waiting;
    std::unique_ptr<asio::steady_timer> patience;
  };

  absl::Status StartProgram();
  void OnMessage(const ipc::ControlMessage& message);
  void OnReady();
  void OnHostGone();
  void ScheduleRestart();
  void TellHost(uint64_t id, Session* session);
  void AwaitHost(uint64_t id, Session* session);
  void EndSession(uint64_t id, const SessionEnd& end);
  void EndSessionsOfHost();

  IoLoop* const loop_;
  const Options options_;
  std::optional<ChildProcess> program_;
  std::shared_ptr<HostChannel> channel_;
  asio::steady_timer restart_timer_;
  std::chrono::milliseconds restart_delay_;
  bool ready_ = false;
  bool was_ready_ = false;
  bool stopped_ = false;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Session> sessions_;
};

}  // namespace dissectd

#endif  // SERVER_EPAN_HOST_H_
