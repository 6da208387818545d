// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_call.h"

#include <grpcpp/generic/generic_stub.h>

#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"

namespace dissectd::server {

std::shared_ptr<NodeCall> NodeCall::Start(
    const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
    const CallInfo& caller, absl::string_view method,
    const google::protobuf::Message& request, Done done) {
  // make_shared can't call the private constructor.
  std::shared_ptr<NodeCall> call(new NodeCall);
  call->context_ =
      node->ContextFor(caller, std::chrono::system_clock::now() + deps.timeout);
  call->request_ = SerializeMessage(request);
  ++node->counts()->calls_started;
  grpc::GenericStub stub(node->channel());
  // gRPC's thread only passes the pointer on, as what it owns belongs to the
  // loop.
  auto* const finish = new absl::AnyInvocable<void(const grpc::Status&)>(
      [call, node, running = deps.running,
       done = std::move(done)](const grpc::Status& status) mutable {
        absl::Status error = errors::OfNode(status);
        node->counts()->CountCallEnd(call->cancelled_ ? absl::OkStatus()
                                                      : error);
        if (IsNodeTrouble(error)) node->NoteError(error);
        if (error.ok()) {
          done(std::move(call->response_));
        } else {
          done(std::move(error));
        }
      });
  stub.UnaryCall(
      call->context_.get(), absl::StrCat("/dissectd.v1.", method), {},
      &call->request_, &call->response_,
      [loop = deps.loop, finish](const grpc::Status& status) {
        loop->Post([finish, status] {
          const std::unique_ptr<std::remove_pointer_t<decltype(finish)>> owned(
              finish);
          (*owned)(status);
        });
      });
  return call;
}

bool IsNodeTrouble(const absl::Status& error) {
  return absl::IsUnavailable(error) || absl::IsDeadlineExceeded(error) ||
         absl::IsInternal(error) || absl::IsUnauthenticated(error);
}

}  // namespace dissectd::server
