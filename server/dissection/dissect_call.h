// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECT_CALL_H_
#define SERVER_DISSECTION_DISSECT_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/engine/engine_supervisor.h"
#include "server/engine/worker.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

// One call of DissectionService.Dissect on a file: forwards what its worker
// sends, one message at a time, so that a slow client slows its worker and
// nothing else.
class DissectCall : public StreamingCall, private Worker::Listener {
 public:
  // What the worker works on.
  struct Work {
    CaptureSource capture;
    // Without the bytes of an inline capture.
    v1::DissectRequest request;
  };

  // What calls work with. Nothing is owned; all outlives the call.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
  };

  static DissectCall* Create(const Deps& deps,
                             std::unique_ptr<CallContext> context);

  // Begins, or ends at once with an error. Exactly one of them, once, from any
  // thread.
  void Start(Work work);
  void Fail(const absl::Status& status);

 private:
  DissectCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : StreamingCall(deps.loop, std::move(context)), engine_(deps.engine) {}

  absl::Status StartWorker(Work work);
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  void DoNext() override;
  void OnCancelled() override;
  void OnFinish() override;

  EngineSupervisor* const engine_;
  std::unique_ptr<Worker> worker_;
  // Read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // Comes after all that the worker has sent.
  std::optional<grpc::ByteBuffer> crash_;
  // What the call shall end with, once all messages are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_CALL_H_
