// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_PROCESS_H_
#define SERVER_ENGINE_WORKER_PROCESS_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/engine/engine_supervisor.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

// The process of one worker, as the daemon sees it: its channel, and what it
// leaves behind if it crashes. Used on the loop's thread only.
class WorkerProcess {
 public:
  // Where a worker was when it died.
  struct CrashLocation {
    // 0 if it dissected none.
    uint32_t frame = 0;
    std::string protocol;
  };

  // Has a worker forked for the capture. `ended` is called once, later than
  // this returns, whether or not this still is there. `loop` and `engine` are
  // not owned and outlive this. Errors: WORKER_NOT_STARTED.
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> Start(
      IoLoop* loop, EngineSupervisor* engine, UniqueFd capture,
      EngineSupervisor::EndedFn ended);

  WorkerSocket* socket() { return &socket_; }

  // Has it killed if it still runs.
  void Kill() { engine_->KillWorker(id_); }

  CrashLocation LastLocation() const;

 private:
  WorkerProcess(EngineSupervisor* engine, UniqueFd status_page,
                WorkerSocket socket)
      : engine_(engine),
        status_page_(std::move(status_page)),
        socket_(std::move(socket)) {}

  EngineSupervisor* const engine_;
  const UniqueFd status_page_;
  WorkerSocket socket_;
  uint64_t id_ = 0;
};

// Whether the worker's end is that of its process, so that its channel closes
// as well.
bool HadProcess(const WorkerEnd& end);

// How the process ended, for people.
std::string Describe(const WorkerEnd& end);

// The error of a worker that ended without saying anything.
absl::Status CrashStatus(const WorkerEnd& end,
                         const WorkerProcess::CrashLocation& location);

// A response as gRPC forwards it.
grpc::ByteBuffer Serialize(const v1::DissectResponse& response);

// Logs the silent end of a worker's process, and returns what the client hears
// of it before the error: a serialised DissectResponse.
grpc::ByteBuffer CrashMessage(const WorkerEnd& end,
                              const WorkerProcess::CrashLocation& location);

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_PROCESS_H_
