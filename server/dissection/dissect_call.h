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

// A call of DissectionService.Dissect for a file. Forwards its worker's
// messages one at a time, so that a slow client slows down only its own worker.
class DissectCall : public StreamingCall, private Worker::Listener {
 public:
  // The input of the worker.
  struct Work {
    CaptureSource capture;
    // The request without the bytes of an inline capture.
    v1::DissectRequest request;
  };

  // The dependencies of calls. Nothing is owned; everything outlives the call.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
  };

  static DissectCall* Create(const Deps& deps,
                             std::unique_ptr<CallContext> context);

  // Start the call, or end it at once with an error. The caller calls one of
  // them, once, from any thread.
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
  // The next message, read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // The message about a crash, sent after all messages of the worker.
  std::optional<grpc::ByteBuffer> crash_;
  // The status to end the call with once all messages are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_CALL_H_
