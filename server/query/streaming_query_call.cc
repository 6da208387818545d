// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/streaming_query_call.h"

#include <utility>

#include "core/base/status_macros.h"
#include "server/query/dedicated_worker.h"

namespace dissectd::server {

StreamingQueryCall* StreamingQueryCall::Create(
    const QueryDeps& deps, std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<StreamingQueryCall>(
      new StreamingQueryCall(deps, std::move(context))));
}

void StreamingQueryCall::Start(DedicatedQuery query) {
  StartWith([this, query = std::move(query)](CallContext* context,
                                             QueryReader* reader) mutable
            -> absl::StatusOr<std::unique_ptr<RunningQuery>> {
    held_ = std::move(query.held);
    on_first_response_ = std::move(query.on_first_response);
    return StartDedicatedWorker(deps_, context, std::move(query), reader);
  });
}

void StreamingQueryCall::StartWith(StartFn start) {
  loop()->Post([self = Shared(this), start = std::move(start)]() mutable {
    const absl::Status status = self->Begin(std::move(start));
    if (!status.ok()) self->status_ = status;
    self->Advance();
  });
}

void StreamingQueryCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] {
    self->status_ = status;
    self->Advance();
  });
}

absl::Status StreamingQueryCall::Begin(StartFn start) {
  // The client may have gone before the call began.
  if (is_cancelled()) return absl::OkStatus();
  ASSIGN_OR_RETURN(query_, start(context(), this));
  return absl::OkStatus();
}

void StreamingQueryCall::OnResponse(const grpc::ByteBuffer& response) {
  if (on_first_response_ != nullptr) {
    std::exchange(on_first_response_, nullptr)();
  }
  next_ = response;
  Advance();
}

void StreamingQueryCall::OnEnd(const absl::Status& status) {
  status_ = status;
  Advance();
}

void StreamingQueryCall::DoNext() {
  if (is_writing()) return;
  if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
    if (query_ != nullptr) query_->ReadMore();
  } else if (status_.has_value()) {
    FinishWith(*status_);
  }
}

void StreamingQueryCall::OnFinish() {
  // The worker answers no other query.
  query_.reset();
  on_first_response_ = nullptr;
  held_.reset();
}

}  // namespace dissectd::server
