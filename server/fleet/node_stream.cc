// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_stream.h"

#include <grpcpp/generic/generic_stub.h>

#include "absl/strings/str_cat.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_call.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {

std::shared_ptr<NodeStream> NodeStream::Start(
    IoLoop* loop, std::shared_ptr<Node> node, const CallInfo& caller,
    absl::string_view method, const google::protobuf::Message& request,
    Events events) {
  // make_shared can't call the private constructor.
  std::shared_ptr<NodeStream> stream(
      new NodeStream(loop, std::move(node), std::move(events)));
  stream->self_ = stream;
  stream->context_ = stream->node_->ContextFor(caller);
  stream->request_ = SerializeMessage(request);
  ++stream->node_->counts()->calls_started;
  grpc::GenericStub stub(stream->node_->channel());
  stub.PrepareBidiStreamingCall(stream->context_.get(),
                                absl::StrCat("/dissectd.v1.", method), {},
                                stream.get());
  stream->StartWriteLast(&stream->request_, grpc::WriteOptions());
  // The loop may ask for messages later, when no other operation is under way.
  stream->AddHold();
  stream->StartRead(&stream->response_);
  stream->StartCall();
  return stream;
}

void NodeStream::Read() {
  loop_->AssertOnLoop();
  if (cancelled_ || ended_) return;
  reading_ = true;
  StartRead(&response_);
}

void NodeStream::Cancel() {
  loop_->AssertOnLoop();
  if (std::exchange(cancelled_, true)) return;
  context_->TryCancel();
  if (!reading_) EndReading();
}

// Lets gRPC finish with the call.
void NodeStream::EndReading() {
  if (!std::exchange(ended_, true)) RemoveHold();
}

void NodeStream::OnReadDone(bool ok) {
  loop_->Post([this, ok] {
    reading_ = false;
    if (!ok || cancelled_) return EndReading();
    events_.on_message(response_);
  });
}

void NodeStream::OnDone(const grpc::Status& status) {
  loop_->Post([this, status] {
    // The functions may own what owns this.
    const std::shared_ptr<NodeStream> self = std::move(self_);
    Events events = std::exchange(events_, {});
    const absl::Status error =
        cancelled_ ? absl::OkStatus() : errors::OfNode(status);
    node_->counts()->CountCallEnd(error);
    if (cancelled_) return;
    if (IsNodeTrouble(error)) node_->NoteError(error);
    events.on_end(error);
  });
}

}  // namespace dissectd::server
