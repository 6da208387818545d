// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_STREAM_H_
#define SERVER_FLEET_NODE_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/base/io_loop.h"
#include "server/fleet/node.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// A call to a node that answers with a stream. Reads a message only when it is
// asked to, so that a node sends no faster than its messages are used.
// Everything happens on the loop's thread, except gRPC's reactions, which only
// post tasks.
class NodeStream final
    : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Events {
    // The message that Read asked for.
    absl::AnyInvocable<void(const grpc::ByteBuffer& message)> on_message;
    // The end of the call, after which nothing is called. OK if the node has
    // sent everything.
    absl::AnyInvocable<void(const absl::Status& status)> on_end;
  };

  // Calls a method as NodeCall does, and reads the first message. Counts
  // the call, and notes the errors of the node. `loop` outlives the stream.
  static std::shared_ptr<NodeStream> Start(
      IoLoop* loop, std::shared_ptr<Node> node, const CallInfo& caller,
      absl::string_view method, const google::protobuf::Message& request,
      Events events);

  // Asks for the next message. Called after each message, at once or later.
  void Read();

  // Ends the call. Nothing is called after this.
  void Cancel();

 private:
  NodeStream(IoLoop* loop, std::shared_ptr<Node> node, Events events)
      : loop_(loop), node_(std::move(node)), events_(std::move(events)) {}

  void EndReading();
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  IoLoop* const loop_;
  const std::shared_ptr<Node> node_;
  Events events_;
  bool cancelled_ = false;
  // Whether gRPC reads a message, or its end is still to be dealt with.
  bool reading_ = true;
  // Whether there are no more messages to read.
  bool ended_ = false;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  // Keeps the stream alive until gRPC has finished with it.
  std::shared_ptr<NodeStream> self_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_STREAM_H_
