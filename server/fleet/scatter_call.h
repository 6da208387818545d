// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_SCATTER_CALL_H_
#define SERVER_FLEET_SCATTER_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/fleet/node.h"
#include "server/fleet/node_call.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call that asks many nodes, at most some of them at once, and sends what
// they answer. Has a bounded number of answers that the client hasn't read.
// Used on the loop's thread only.
class ScatterCall final : public StreamingCall {
 public:
  // Asks one node, and then sends messages and calls EndJob.
  using Job = std::function<void(const std::shared_ptr<ScatterCall>& call)>;
  using Jobs = std::deque<Job>;
  // Returns the jobs of a call. Its errors end the call.
  using Plan = std::function<absl::StatusOr<Jobs>(CallContext* context)>;

  static ScatterCall* Create(const NodeCallDeps& deps,
                             std::unique_ptr<CallContext> context, Plan plan);

  // Calls a node for a job. `done` takes a StatusOr<Response>, and isn't called
  // after the end of the call.
  template <typename Response, typename Done>
  void Ask(const std::shared_ptr<Node>& node, absl::string_view method,
           const google::protobuf::Message& request, Done done) {
    Track(NodeCall::Start(
        deps_, node, context()->info(), method, request,
        ParsedInto<Response>([self = Shared(this), done = std::move(done)](
                                 absl::StatusOr<Response> response) mutable {
          if (!self->finished_) done(std::move(response));
        })));
  }

  void Send(const google::protobuf::Message& message);
  // Ends a job. With `rest`, that is done when the client has read what was
  // sent.
  void EndJob(Job rest = nullptr);

  const NodeCallDeps& deps() const { return deps_; }
  // Cancels this call to a node, too, when the client has gone.
  void Track(const std::shared_ptr<NodeCall>& call);
  bool is_finished() const { return finished_; }

 private:
  ScatterCall(const NodeCallDeps& deps, std::unique_ptr<CallContext> context)
      : StreamingCall(deps.loop, std::move(context)), deps_(deps) {}

  void DoNext() override;
  void OnCancelled() override;
  void OnFinish() override { finished_ = true; }

  const NodeCallDeps deps_;
  Jobs jobs_;
  bool is_planned_ = false;
  bool finished_ = false;
  size_t running_ = 0;
  std::deque<grpc::ByteBuffer> answers_;
  std::set<std::weak_ptr<NodeCall>, std::owner_less<>> calls_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_SCATTER_CALL_H_
