// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_SERVICE_H_
#define SERVER_DISSECTION_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "server/call_gate.h"
#include "server/capture/captures.h"
#include "server/dissect_call.h"
#include "server/epan_host.h"
#include "server/file_store.h"
#include "server/io_loop.h"
#include "server/live/live_sessions.h"
#include "server/session_limit.h"

namespace dissectd {

// dissectd.v1.DissectionService. Answers are forwarded as the bytes that the
// session wrote. Thread-safe.
class DissectionService final
    : public v1::DissectionService::WithRawCallbackMethod_Dissect<
          v1::DissectionService::Service> {
 public:
  // What the service works with. Nothing is owned; all outlives it.
  struct Parts {
    const FileStore* files;
    EpanHost* host;
    IoLoop* loop;
    // For what may block on the file system.
    asio::thread_pool* pool;
    SessionLimit* sessions;
    CallGate* gate;
    const Captures* captures;
  };

  explicit DissectionService(const Parts& parts)
      : parts_(parts),
        live_sessions_(
            {parts.loop,
             parts.host,
             {parts.loop, parts.pool, parts.files, parts.captures}}) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Dissect(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

 private:
  grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectFile(
      v1::DissectRequest request, CallGate::Pass pass);
  grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectLive(
      v1::DissectRequest request, CallGate::Pass pass);

  absl::StatusOr<DissectCall::Work> Prepare(v1::DissectRequest request) const;
  absl::Status OpenCapture(DissectCall::Work* work) const;
  absl::StatusOr<SessionLimit::Place> TakePlace() const;

  const Parts parts_;
  // The loop's.
  LiveSessions live_sessions_;
};

}  // namespace dissectd

#endif  // SERVER_DISSECTION_SERVICE_H_
