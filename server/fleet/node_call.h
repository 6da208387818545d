// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_CALL_H_
#define SERVER_FLEET_NODE_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/base/io_loop.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {

// What calls to nodes need. Nothing is owned; all outlives the calls.
struct NodeCallDeps {
  IoLoop* loop;
  // The time that a node has to answer.
  std::chrono::seconds timeout;
  // Calls keep it until their end, so that others can tell whether any run.
  std::shared_ptr<int> running;
};

// A unary call to a node that can be given up. Used on the loop's thread.
class NodeCall {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<grpc::ByteBuffer>)>;

  // Calls a method, `SERVICE/METHOD` of dissectd.v1, for a caller of the fleet.
  // `done` is called once on the loop's thread, also after Cancel. Counts the
  // call, and notes the error of a node that didn't answer.
  static std::shared_ptr<NodeCall> Start(
      const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
      const CallInfo& caller, absl::string_view method,
      const google::protobuf::Message& request, Done done);

  void Cancel() {
    cancelled_ = true;
    context_->TryCancel();
  }

 private:
  NodeCall() = default;

  bool cancelled_ = false;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

// Calls `done` with the response as a message.
template <typename Response, typename Done>
NodeCall::Done ParsedInto(Done done) {
  return
      [done = std::move(done)](absl::StatusOr<grpc::ByteBuffer> bytes) mutable {
        if (!bytes.ok()) return done(absl::StatusOr<Response>(bytes.status()));
        Response response;
        if (!ParseMessage(*bytes, &response).ok()) {
          return done(absl::StatusOr<Response>(errors::NodeProtocolError()));
        }
        done(absl::StatusOr<Response>(std::move(response)));
      };
}

// Whether an error tells about the node or the way to it, not about the
// request.
bool IsNodeTrouble(const absl::Status& error);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_CALL_H_
