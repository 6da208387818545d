// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_FEEDING_CALL_H_
#define SERVER_DISSECTION_FEEDING_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <asio/error_code.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/dissection/forwarding_call.h"
#include "server/engine/engines.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call whose client sends what is dissected: passes the bytes of a capture
// file to a worker by a pipe, and the worker's answer to the client. If the
// worker doesn't read, because the client doesn't, the pipe fills, and nothing
// more is read from the client.
class FeedingCall : public ForwardingCall<BidiStreamingCall> {
 public:
  // The dependencies of calls. Nothing is owned; everything outlives the call.
  struct Deps {
    IoLoop* loop;
    const Engines* engines;
  };

  void OnReadDone(bool ok) override;

 protected:
  FeedingCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : ForwardingCall(deps.loop, std::move(context)),
        engines_(deps.engines),
        input_(deps.loop->context()) {}

  // Reads the next message of the client.
  void ReadNext();

 private:
  // Parses a message, which the methods below are about. Errors:
  // REQUEST_MALFORMED and others of ParseRequest.
  virtual absl::Status Parse(const grpc::ByteBuffer& bytes) = 0;
  // Returns the message's request; null if it has none.
  virtual const v1::DissectRequest* request() const = 0;
  // Returns the name of the capture file, for messages.
  virtual std::string file_name() const { return std::string(); }
  // Returns the bytes of the capture file that stand for the message. They live
  // until the next call of Parse.
  virtual absl::StatusOr<absl::string_view> FileBytes() = 0;

  // Takes the parsed message.
  absl::Status TakeMessage();
  // Starts the worker for the request that has been read.
  absl::Status Begin();
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

  const Engines* const engines_;
  // The worker reads the other end.
  asio::posix::stream_descriptor input_;
  // The buffer that gRPC reads into. Only one of gRPC and the loop uses it and
  // the parsed message at a time.
  grpc::ByteBuffer bytes_;
  // Whether the client has sent bytes of the capture.
  bool has_bytes_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_FEEDING_CALL_H_
