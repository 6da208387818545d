// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/unary_query_call.h"

#include <grpcpp/support/slice.h>

#include <utility>
#include <vector>

#include "server/base/errors.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

UnaryQueryCall* UnaryQueryCall::Create(const Deps& deps,
                                       CallTracker::Token token,
                                       grpc::ByteBuffer* response) {
  return new UnaryQueryCall(deps, std::move(token), response);
}

void UnaryQueryCall::Ask(ipc::Query kind, const grpc::ByteBuffer& request) {
  deps_.loop->Post([this, kind, bytes = BytesOf(request)] {
    begun_ = true;
    if (cancelled_) return OnEnd(absl::CancelledError("cancelled"));
    Query query;
    query.kind = kind;
    query.request = bytes;
    deps_.pool->Ask(std::move(query), this);
  });
}

void UnaryQueryCall::RunDedicated(DedicatedQuery query, PostProcess conclude) {
  deps_.loop->Post([this, query = std::move(query),
                    conclude = std::move(conclude)]() mutable {
    conclude_ = std::move(conclude);
    Start(std::move(query));
  });
}

void UnaryQueryCall::Start(DedicatedQuery query) {
  begun_ = true;
  if (cancelled_) return OnEnd(absl::CancelledError("cancelled"));
  auto worker = QueryWorker::Start(
      {deps_.loop, deps_.engine}, std::move(query.capture), query.capture_name);
  if (!worker.ok()) return OnEnd(worker.status());
  permit_ = std::move(query.permit);
  known_ = std::move(query.known);
  worker_ = *std::move(worker);
  worker_->Ask(std::move(query.query), this, [] {});
}

void UnaryQueryCall::Answer(const std::string& response) {
  deps_.loop->Post([this, response] {
    const grpc::Slice slice(response);
    OnResponse(grpc::ByteBuffer(&slice, 1));
    OnEnd(absl::OkStatus());
  });
}

void UnaryQueryCall::Fail(const absl::Status& status) {
  deps_.loop->Post([this, status] { OnEnd(status); });
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
    deps_.loop->Post([this, response = std::move(response)] {
      if (response.ok()) *response_ = *response;
      End(response.status());
    });
  });
}

void UnaryQueryCall::End(const absl::Status& status) {
  if (std::exchange(finished_, true)) return;
  // It answers nothing else.
  if (worker_ != nullptr) std::exchange(worker_, nullptr)->Abandon();
  Finish(ToGrpcStatus(status));
}

void UnaryQueryCall::OnCancel() {
  deps_.loop->Post([this] {
    cancelled_ = true;
    // Who is about to begin it still has it.
    if (!begun_ || finished_ || concluding_) return;
    deps_.pool->Abandon(this);
    OnEnd(absl::CancelledError("cancelled"));
  });
}

void UnaryQueryCall::OnDone() {
  token_ = CallTracker::Token();
  // After all that was posted before.
  deps_.loop->Post([this] { delete this; });
}

}  // namespace dissectd::server
