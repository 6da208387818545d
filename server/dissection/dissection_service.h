// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECTION_SERVICE_H_
#define SERVER_DISSECTION_DISSECTION_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/captures.h"
#include "server/dissection/dissect_call.h"
#include "server/engine/engine_supervisor.h"
#include "server/live/live_workers.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// dissectd.v1.DissectionService. Answers are forwarded as the bytes that the
// worker wrote. Thread-safe.
class DissectionService final
    : public v1::DissectionService::WithRawCallbackMethod_Dissect<
          v1::DissectionService::Service> {
 public:
  // What the service works with. Nothing is owned; all outlives it.
  struct Deps {
    const FileStore* files;
    EngineSupervisor* engine;
    IoLoop* loop;
    // For what may block on the file system.
    asio::thread_pool* pool;
    WorkerLimit* workers;
    CallTracker* tracker;
    const Captures* captures;
  };

  explicit DissectionService(const Deps& deps)
      : deps_(deps),
        live_workers_({deps.loop,
                       deps.engine,
                       {deps.loop, deps.pool, deps.files, deps.captures}}) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Dissect(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

 private:
  grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectFile(
      v1::DissectRequest request, CallTracker::Token token);
  grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectLive(
      v1::DissectRequest request, CallTracker::Token token);

  absl::StatusOr<DissectCall::Work> Prepare(v1::DissectRequest request) const;
  absl::Status OpenCapture(DissectCall::Work* work) const;
  absl::StatusOr<WorkerLimit::Permit> TakePermit() const;

  const Deps deps_;
  // The loop's.
  LiveWorkers live_workers_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECTION_SERVICE_H_
