// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_H_
#define SERVER_ENGINE_WORKER_H_

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
#include "server/base/unique_fd.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The only request of a worker that has one.
inline constexpr ipc::RequestId kOnlyRequest = 1;

// What a worker has come to.
struct WorkerOutcome {
  // The status that the worker sent, or the error of one that sent none:
  // WORKER_CRASHED, WORKER_NOT_STARTED, WORKER_PROTOCOL_ERROR, ENGINE_DIED or
  // ENGINE_UNAVAILABLE.
  absl::Status status;
  // How the process ended; present if it did so without a status.
  std::optional<WorkerEnd> end;
  // Where a process that crashed was: the frame that it dissected, or 0, and
  // the protocol, which may be empty.
  uint32_t frame = 0;
  std::string protocol;

  // Whether there was a process, and it ended without a status.
  bool crashed() const;
};

// Drives one worker process: starts it, passes messages both ways, and ends it.
// Each worker of the daemon is driven by one of these, whatever it is for. Used
// on the loop's thread only.
//
// Destruction cancels the worker, if it still runs: its process is killed, and
// its listener hears nothing more.
class Worker {
 public:
  struct Options {
    ipc::WorkerKind kind;
    ipc::WorkerLimits limits = {};
    // What the worker reads; a fork of a worker has none.
    UniqueFd capture;
    // Kept until the process has ended, which may be later than this does.
    WorkerLimit::Permit permit;
  };

  // What hears of a worker. It may destroy the worker while it is called.
  class Listener {
   public:
    virtual ~Listener() = default;
    // Takes the message that Read asked for.
    virtual void OnWorkerMessage(const WorkerSocket::Message& message) = 0;
    // Called once, when there is nothing more to come. A worker that dies in
    // the middle of its answer has delivered all that it had sent by then.
    virtual void OnWorkerEnd(const WorkerOutcome& outcome) = 0;
  };

  // Has a worker forked by `parent`. Nothing is owned; `loop` and `parent`
  // outlive this, and `listener` does so too. Errors: WORKER_NOT_STARTED.
  static absl::StatusOr<std::unique_ptr<Worker>> Start(IoLoop* loop,
                                                       WorkerParent* parent,
                                                       Options options,
                                                       Listener* listener);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Sends a message about a request, with file descriptors, after those before.
  // Nothing comes of it if the worker has ended.
  void Send(ipc::MessageType type, ipc::RequestId request,
            absl::string_view payload, std::vector<UniqueFd> fds = {}) {
    socket_.Send(type, request, payload, std::move(fds));
  }

  // Asks for the next message, unless one is asked for already. A worker whose
  // messages nobody asks for waits when the kernel's buffer is full.
  void Read();

 private:
  // The process, which may outlive the driver.
  struct Process {
    Worker* driver;
    WorkerLimit::Permit permit;
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
};

// Whether the end is that of a process, whose channel closes as well.
bool HadProcess(const WorkerEnd& end);

// Says how the process ended, for people.
std::string Describe(const WorkerEnd& end);

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_H_
