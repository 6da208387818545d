// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/unary_query_call.h"

#include <grpcpp/support/slice.h>

#include <utility>
#include <vector>

#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/session_socket.h"

namespace dissectd {

UnaryQueryCall* UnaryQueryCall::Create(const Parts& parts, CallGate::Pass pass,
                                       grpc::ByteBuffer* response) {
  return new UnaryQueryCall(parts, std::move(pass), response);
}

void UnaryQueryCall::Ask(ipc::Query kind, const grpc::ByteBuffer& request) {
  parts_.loop->Post([this, kind, bytes = BytesOf(request)] {
    begun_ = true;
    if (cancelled_) return OnEnd(absl::CancelledError("cancelled"));
    Query query;
    query.kind = kind;
    query.request = bytes;
    parts_.pool->Ask(std::move(query), this);
  });
}

void UnaryQueryCall::AskAlone(QueryOfItsOwn query, Conclude conclude) {
  parts_.loop->Post([this, query = std::move(query),
                     conclude = std::move(conclude)]() mutable {
    conclude_ = std::move(conclude);
    Start(std::move(query));
  });
}

void UnaryQueryCall::Start(QueryOfItsOwn query) {
  begun_ = true;
  if (cancelled_) return OnEnd(absl::CancelledError("cancelled"));
  auto session = QuerySession::Start(
      {parts_.loop, parts_.host}, std::move(query.capture), query.capture_name);
  if (!session.ok()) return OnEnd(session.status());
  place_ = std::move(query.place);
  known_ = std::move(query.known);
  session_ = *std::move(session);
  session_->Ask(std::move(query.query), this, [] {});
}

void UnaryQueryCall::Answer(const std::string& response) {
  parts_.loop->Post([this, response] {
    const grpc::Slice slice(response);
    OnResponse(grpc::ByteBuffer(&slice, 1));
    OnEnd(absl::OkStatus());
  });
}

void UnaryQueryCall::Fail(const absl::Status& status) {
  parts_.loop->Post([this, status] { OnEnd(status); });
}

void UnaryQueryCall::OnResponse(const grpc::ByteBuffer& response) {
  if (known_.empty()) {
    *response_ = response;
    return;
  }
  // Two serialised messages on end are one that has what is in either.
  std::vector<grpc::Slice> slices;
  response.Dump(&slices).ok();
  slices.insert(slices.begin(), grpc::Slice(known_));
  *response_ = grpc::ByteBuffer(slices.data(), slices.size());
}

void UnaryQueryCall::OnEnd(const absl::Status& status) {
  if (finished_ || concluding_) return;
  if (!status.ok() || conclude_ == nullptr) return End(status);
  concluding_ = true;
  conclude_(*response_, [this](absl::StatusOr<grpc::ByteBuffer> response) {
    parts_.loop->Post([this, response = std::move(response)] {
      if (response.ok()) *response_ = *response;
      End(response.status());
    });
  });
}

void UnaryQueryCall::End(const absl::Status& status) {
  if (std::exchange(finished_, true)) return;
  // It answers nothing else.
  if (session_ != nullptr) std::exchange(session_, nullptr)->Abandon();
  Finish(ToGrpcStatus(status));
}

void UnaryQueryCall::OnCancel() {
  parts_.loop->Post([this] {
    cancelled_ = true;
    // Who is about to begin it still has it.
    if (!begun_ || finished_ || concluding_) return;
    parts_.pool->Abandon(this);
    OnEnd(absl::CancelledError("cancelled"));
  });
}

void UnaryQueryCall::OnDone() {
  pass_ = CallGate::Pass();
  // After all that was posted before.
  parts_.loop->Post([this] { delete this; });
}

}  // namespace dissectd
