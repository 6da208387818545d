// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_ENGINE_SUPERVISOR_H_
#define SERVER_ENGINE_ENGINE_SUPERVISOR_H_

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
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/engine/control_socket.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// How a worker's process came to its end.
struct WorkerEnd {
  enum class Kind {
    // It exited; `value` is its exit status.
    kExited,
    // A signal ended it; `value` is the signal.
    kSignaled,
    // It could not be forked; `value` is errno.
    kNotStarted,
    // The engine died, and all workers with it.
    kEngineDied,
    // The engine was not up in time.
    kEngineUnavailable,
  };
  Kind kind;
  int value = 0;
};

// The descriptors that a worker starts with.
struct WorkerDescriptors {
  UniqueFd channel;
  UniqueFd status_page;
  UniqueFd capture;
};

// Keeps dissectd-engine running, and has it fork workers. If it dies it is
// started again; workers that are asked for in between wait.
//
// All but the constructor and destructor run on the loop's thread.
class EngineSupervisor {
 public:
  struct Options {
    std::string program;
    // Passed to the program beside `--control-fd`.
    std::vector<std::string> arguments;
    // Called whenever the engine becomes ready, or not ready any more.
    std::function<void(bool ready)> on_ready_changed;
    // Called if the program says at its first start that it can't do what it is
    // told to. It isn't started again.
    std::function<void()> on_unusable;
  };
  using EndedFn = absl::AnyInvocable<void(const WorkerEnd& end)>;

  // `loop` is not owned and outlives this.
  EngineSupervisor(IoLoop* loop, Options options);
  EngineSupervisor(const EngineSupervisor&) = delete;
  EngineSupervisor& operator=(const EngineSupervisor&) = delete;

  // Starts the program for the first time. Errors: those of Subprocess.
  absl::Status Start();

  // Ends the program and all workers, for good.
  void Stop();

  // Has a worker forked; returns its id. `ended` is called exactly once, later
  // than this returns.
  uint64_t StartWorker(WorkerDescriptors descriptors, EndedFn ended);

  // Has the worker killed if it still runs.
  void KillWorker(uint64_t id);

 private:
  struct Worker {
    EndedFn ended;
    // Present until the engine was told.
    std::optional<WorkerDescriptors> waiting;
    std::unique_ptr<asio::steady_timer> timeout;
  };

  absl::Status StartProgram();
  void OnMessage(const ipc::ControlMessage& message);
  void OnReady();
  void OnEngineGone();
  void ScheduleRestart();
  void SendStart(uint64_t id, Worker* worker);
  void AwaitEngine(uint64_t id, Worker* worker);
  void EndWorker(uint64_t id, const WorkerEnd& end);
  void EndWorkersOfEngine();

  IoLoop* const loop_;
  const Options options_;
  std::optional<Subprocess> program_;
  std::shared_ptr<ControlSocket> channel_;
  asio::steady_timer restart_timer_;
  std::chrono::milliseconds restart_delay_;
  bool ready_ = false;
  bool was_ready_ = false;
  bool stopped_ = false;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Worker> workers_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_ENGINE_SUPERVISOR_H_
