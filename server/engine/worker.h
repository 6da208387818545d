// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_H_
#define SERVER_ENGINE_WORKER_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/metrics/worker_counts.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The id of the request of a worker that has only one.
inline constexpr ipc::RequestId kOnlyRequest = 1;

// The outcome of a worker.
struct WorkerOutcome {
  // The status that the worker sent, or the error of one that sent none:
  // WORKER_CRASHED, WORKER_NOT_STARTED, WORKER_PROTOCOL_ERROR, ENGINE_DIED or
  // ENGINE_UNAVAILABLE.
  absl::Status status;
  // The end of the process; present if it ended without a status.
  std::optional<WorkerEnd> end;
  // The position of a crash: the frame that was being dissected, or 0, and the
  // protocol, which may be empty.
  uint32_t frame = 0;
  std::string protocol;
  // The position of that frame, or of the one before; all 0 if no frame was
  // dissected.
  ipc::PassPosition position = {};
  // Whether too many frames had crashed the worker's pass workers.
  bool gave_up = false;

  // Whether there was a process that ended without a status.
  bool crashed() const;
};

// Drives one worker process: starts it, passes messages both ways, and ends it.
// Every worker of the daemon, whatever its kind, is driven by this class. Used
// on the loop's thread only.
//
// Destruction cancels a running worker: its process is killed, and its listener
// is not called any more.
class Worker {
 public:
  struct Options {
    ipc::WorkerKind kind;
    ipc::WorkerLimits limits = {};
    // The capture to read; a fork of a worker has none.
    UniqueFd capture;
    // Kept until the process has ended, which may be after this object; after a
    // crash, until the listener knows, unless this is destroyed before.
    WorkerLimit::Permit permit;
    // Whether pid() tells its process, as it does for sessions.
    bool tells_pid = false;
  };

  // Receives a worker's messages. Its methods may destroy the worker.
  class Listener {
   public:
    virtual ~Listener() = default;
    // Called with the message that Read requested.
    virtual void OnWorkerMessage(const WorkerSocket::Message& message) = 0;
    // Called once, after all messages. A worker that dies in the middle of its
    // answer has delivered everything that it had sent.
    virtual void OnWorkerEnd(const WorkerOutcome& outcome) = 0;
  };

  // Makes `parent` fork a worker. Nothing is owned; `loop`, `parent` and
  // `listener` outlive this. Errors: WORKER_NOT_STARTED.
  static absl::StatusOr<std::unique_ptr<Worker>> Start(IoLoop* loop,
                                                       WorkerParent* parent,
                                                       Options options,
                                                       Listener* listener);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Sends a message about a request, with file descriptors, after all earlier
  // messages. Has no effect if the worker has ended.
  void Send(ipc::MessageType type, ipc::RequestId request,
            absl::string_view payload, std::vector<UniqueFd> fds = {}) {
    thread_.AssertOnThread();
    socket_.Send(type, request, payload, std::move(fds));
  }

  // Requests the next message, unless one is requested already. A worker whose
  // messages are not requested blocks when the kernel's buffer is full.
  void Read();

  // The process, if it is told, of a worker that has sent a message; 0
  // otherwise.
  pid_t pid() const { return socket_.peer(); }

  // Returns the permit of a worker that has crashed, for one that replaces it.
  // Only in OnWorkerEnd. Invalid if the process exited with status 0.
  WorkerLimit::Permit TakePermit() { return std::move(process_->permit); }
  // Gives a permit to a worker that was started without one.
  void GivePermit(WorkerLimit::Permit permit) {
    process_->permit = std::move(permit);
  }

 private:
  // The process, which may outlive the driver.
  struct Process {
    Worker* driver;
    WorkerLimit::Permit permit;
    // How the daemon ended the process; absent if it didn't.
    std::optional<metrics::WorkerEndCause> cause = std::nullopt;
  };

  Worker(WorkerParent* parent, ipc::WorkerKind kind, UniqueFd status_page,
         WorkerSocket socket, Listener* listener)
      : parent_(parent),
        kind_(kind),
        status_page_(std::move(status_page)),
        socket_(std::move(socket)),
        listener_(listener) {}

  void OnRead(WorkerSocket::ReadResult result,
              const WorkerSocket::Message& message);
  void OnProcessEnded(const WorkerEnd& end);
  // Ends once both the channel and the process have ended.
  void EndIfSilent();
  void End(const WorkerOutcome& outcome);
  void ReadStatusPage(WorkerOutcome* outcome) const;

  WorkerParent* const parent_;
  const ipc::WorkerKind kind_;
  const UniqueFd status_page_;
  WorkerSocket socket_;
  Listener* const listener_;
  std::shared_ptr<Process> process_;
  uint64_t id_ = 0;
  std::optional<WorkerEnd> process_end_;
  enum class Channel { kIdle, kReading, kClosed };
  Channel channel_ = Channel::kIdle;
  bool ended_ = false;
  ThreadChecker thread_;
};

// Returns whether a process existed and ended, which closes its channel.
bool HadProcess(const WorkerEnd& end);

// Describes the end of the process, for people.
std::string Describe(const WorkerEnd& end);

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_H_
