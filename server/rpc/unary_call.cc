// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/unary_call.h"

#include "server/rpc/message_bytes.h"

namespace dissectd::server {

void UnaryCall::Answer(const grpc::ByteBuffer& response) {
  context()->CountSent(response.Length());
  *response_ = response;
  Finish(EndingWith(absl::OkStatus()));
}

void UnaryCall::Answer(const google::protobuf::Message& response) {
  Answer(SerializeMessage(response));
}

void UnaryCall::Fail(const absl::Status& status) { Finish(EndingWith(status)); }

void UnaryCall::OnCancel() {
  SetClientGone();
  loop()->Post([self = Shared(this)] { self->OnCancelled(); });
}

}  // namespace dissectd::server
