// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECT_PIPE_CALL_H_
#define SERVER_DISSECTION_DISSECT_PIPE_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <asio/error_code.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/dissection/forwarding_call.h"
#include "server/engine/engine_supervisor.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of DissectionService.DissectPipe: passes the capture that the client
// sends to a worker by a pipe, and the worker's answer to the client. If the
// worker doesn't read, because the client doesn't, the pipe fills, and nothing
// more is read from the client.
class DissectPipeCall final : public ForwardingCall<BidiStreamingCall> {
 public:
  // The dependencies of calls. Nothing is owned; everything outlives the call.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
  };

  // Starts reading.
  static DissectPipeCall* Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context);

  void OnReadDone(bool ok) override;

 private:
  DissectPipeCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : ForwardingCall(deps.loop, std::move(context)),
        engine_(deps.engine),
        input_(deps.loop->context()) {}

  void ReadNext();
  // Parses the message that has been read.
  absl::Status ParseRead();
  // Takes the parsed message.
  absl::Status TakeMessage();
  // Starts the worker for the request that has been read.
  absl::Status Begin();
  // Writes the bytes that have been read into the pipe, then reads on.
  void Feed();
  void OnFed(const asio::error_code& error);
  // The client has sent everything.
  absl::Status EndInput();
  void CloseInput();

  // The client may send what it captures.
  bool is_live() const override { return true; }
  std::chrono::seconds sender_timeout() const override {
    return CaptureSenderTimeout(has_bytes_);
  }
  void OnCancelled() override;
  void OnFinish() override;

  EngineSupervisor* const engine_;
  // The worker reads the other end.
  asio::posix::stream_descriptor input_;
  // The buffer that gRPC reads into, and the message in it. Only one of gRPC
  // and the loop uses them at a time.
  grpc::ByteBuffer bytes_;
  v1::DissectPipeRequest message_;
  // Whether the client has sent bytes of the capture.
  bool has_bytes_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_PIPE_CALL_H_
