// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_ENGINE_SUPERVISOR_H_
#define SERVER_ENGINE_ENGINE_SUPERVISOR_H_

#include <asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/engine/control_socket.h"
#include "server/engine/engine_log.h"
#include "server/engine/heartbeat.h"
#include "server/engine/worker_parent.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// Keeps dissectd-engine running, and makes it fork workers. If it dies, it is
// started again; workers requested in between wait. If it answers no longer, it
// is killed.
//
// All methods except the constructor and destructor run on the loop's thread.
class EngineSupervisor : public WorkerParent {
 public:
  struct Options {
    std::string program;
    // Arguments of the program besides `--control-fd`.
    std::vector<std::string> arguments;
    // The limits of workers that have none of their own.
    ipc::WorkerLimits worker_limits = {};
    // Called whenever the engine becomes ready, or is no longer ready.
    absl::AnyInvocable<void(bool ready)> on_ready_changed;
    // Called if the program can't initialise at its first start, or comes from
    // another build. It is not started again.
    absl::AnyInvocable<void()> on_unusable;
  };

  // `loop` is not owned and outlives this.
  EngineSupervisor(IoLoop* loop, Options options);
  EngineSupervisor(const EngineSupervisor&) = delete;
  EngineSupervisor& operator=(const EngineSupervisor&) = delete;

  // Starts the program for the first time. Errors: those of Subprocess.
  absl::Status Start();

  // Ends the program and all workers, permanently.
  void Stop();

  // Returns the id of the engine, for example "wireshark-4.0.17"; empty until
  // it is ready for the first time.
  const std::string& engine() const { return engine_id_; }

  // Whether it can start workers now.
  bool ready() const { return ready_; }
  // How often it has become ready.
  uint32_t times_ready() const { return times_ready_; }
  // Whether it was never ready, and may become so.
  bool may_become_ready_first() const {
    return times_ready_ == 0 && !unusable_ && !stopped_;
  }

  uint64_t StartWorker(WorkerStart start, EndedFn ended) override;
  void KillWorker(uint64_t id) override;

 private:
  struct Worker {
    EndedFn ended;
    // Present until the order was sent to the engine.
    std::optional<WorkerStart> waiting;
    std::unique_ptr<Timer> timeout;
  };

  Heartbeat::Options HeartbeatOptions();
  absl::Status StartProgram();
  // Starts the program with its end of a control channel.
  absl::StatusOr<Subprocess> Spawn(const UniqueFd& channel);
  // Waits until the program has ended, and kills it if that takes too long.
  void EndProgram();
  void OnMessage(const ipc::ControlMessage& message);
  void OnReady(const ipc::ControlMessage& message);
  // `error` is set if the program's messages are invalid.
  void OnChannelClosed(const absl::Status& error);
  void OnProgramEnded();
  // The program never was ready, and won't be.
  void GiveUp();
  void OnSilence();
  void ScheduleRestart();
  void SendStart(uint64_t id, Worker* worker);
  void AwaitEngine(uint64_t id, Worker* worker);
  void EndWorker(uint64_t id, const WorkerEnd& end);
  void EndWorkersOfEngine();

  IoLoop* const loop_;
  Options options_;
  std::optional<Subprocess> program_;
  // Readable once the program has ended.
  asio::posix::stream_descriptor program_exit_;
  std::shared_ptr<ControlSocket> channel_;
  // Null until the program is started for the first time.
  std::shared_ptr<EngineLog> log_;
  Heartbeat heartbeat_;
  Timer restart_timer_;
  std::chrono::milliseconds restart_delay_;
  bool ready_ = false;
  uint32_t times_ready_ = 0;
  // It couldn't initialise at its first start, and is not started again.
  bool unusable_ = false;
  bool stopped_ = false;
  // The program comes from another build.
  bool mismatched_ = false;
  std::string engine_id_;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Worker> workers_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_ENGINE_SUPERVISOR_H_
