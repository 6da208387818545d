// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/unary_query_call.h"

#include <grpcpp/support/slice.h>

#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/query/dedicated_worker.h"

namespace dissectd::server {

UnaryQueryCall* UnaryQueryCall::Create(const QueryDeps& deps,
                                       std::unique_ptr<CallContext> context,
                                       grpc::ByteBuffer* response) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<UnaryQueryCall>(
      new UnaryQueryCall(deps, std::move(context), response)));
}

void UnaryQueryCall::RunPooled(ipc::Query kind,
                               const grpc::ByteBuffer& request) {
  loop()->Post([self = Shared(this), kind, bytes = BytesOf(request)] {
    self->begun_ = true;
    if (self->cancelled_) return self->OnCancelled();
    Query query;
    query.kind = kind;
    query.request = bytes;
    const absl::Status asked = self->AskPool(std::move(query));
    if (!asked.ok()) self->OnEnd(asked);
  });
}

absl::Status UnaryQueryCall::AskPool(Query query) {
  const CallInfo& info = context()->info();
  ASSIGN_OR_RETURN(EngineSupervisor* const engine,
                   deps_.engines->Choose(info.engine));
  query.log_ids = LogIdsOf(info);
  ticket_ = deps_.pool->Ask({info.principal, info.share_key, engine},
                            std::move(query), this);
  return absl::OkStatus();
}

void UnaryQueryCall::RunCached(ipc::Query kind) {
  loop()->Post([self = Shared(this), kind] {
    self->begun_ = true;
    if (self->cancelled_) return self->OnCancelled();
    const absl::Status asked = self->AskEngine(kind);
    if (!asked.ok()) self->OnEnd(asked);
  });
}

absl::Status UnaryQueryCall::AskEngine(ipc::Query kind) {
  ASSIGN_OR_RETURN(EngineSupervisor* const engine,
                   deps_.engines->Choose(context()->info().engine));
  deps_.answers->Get(
      engine, kind,
      [self = Shared(this)](const absl::StatusOr<grpc::ByteBuffer>& answer) {
        self->OnCachedAnswer(answer);
      });
  return absl::OkStatus();
}

void UnaryQueryCall::RunCachedOfAll(ipc::Query kind, PostProcess post_process) {
  loop()->Post([self = Shared(this), kind,
                post_process = std::move(post_process)]() mutable {
    self->begun_ = true;
    self->post_process_ = std::move(post_process);
    if (self->cancelled_) return self->OnCancelled();
    if (self->context()->info().engine.empty()) return self->AskEngines(kind);
    const absl::Status asked = self->AskEngine(kind);
    if (!asked.ok()) self->OnEnd(asked);
  });
}

void UnaryQueryCall::AskEngines(ipc::Query kind) {
  std::vector<WorkerParent*> ready;
  for (EngineSupervisor* const engine : deps_.engines->All()) {
    if (engine->times_ready() > 0) ready.push_back(engine);
  }
  deps_.answers->GetOfAll(
      ready, kind,
      [self = Shared(this)](const absl::StatusOr<grpc::ByteBuffer>& answer) {
        self->OnCachedAnswer(answer);
      });
}

void UnaryQueryCall::OnCachedAnswer(
    const absl::StatusOr<grpc::ByteBuffer>& answer) {
  if (answer.ok()) answer_ = *answer;
  OnEnd(answer.status());
}

void UnaryQueryCall::RunDedicated(DedicatedQuery query,
                                  PostProcess post_process) {
  loop()->Post([self = Shared(this), query = std::move(query),
                post_process = std::move(post_process)]() mutable {
    self->post_process_ = std::move(post_process);
    self->Start([deps = self->deps_, query = std::move(query)](
                    CallContext* context, QueryReader* reader) mutable {
      return StartDedicatedWorker(deps, context, std::move(query), reader);
    });
  });
}

void UnaryQueryCall::RunWith(StartFn start) {
  loop()->Post([self = Shared(this), start = std::move(start)]() mutable {
    self->Start(std::move(start));
  });
}

void UnaryQueryCall::Start(StartFn start) {
  loop()->AssertOnLoop();
  begun_ = true;
  if (cancelled_) return OnCancelled();
  absl::StatusOr<std::unique_ptr<RunningQuery>> query = start(context(), this);
  if (!query.ok()) return OnEnd(query.status());
  query_ = *std::move(query);
}

void UnaryQueryCall::Respond(const std::string& response) {
  loop()->Post([self = Shared(this), response] {
    const grpc::Slice slice(response);
    self->OnResponse(grpc::ByteBuffer(&slice, 1));
    self->OnEnd(absl::OkStatus());
  });
}

void UnaryQueryCall::Abort(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] { self->OnEnd(status); });
}

void UnaryQueryCall::OnResponse(const grpc::ByteBuffer& response) {
  answer_ = response;
  if (query_ != nullptr) query_->ReadMore();
}

void UnaryQueryCall::OnEnd(const absl::Status& status) {
  loop()->AssertOnLoop();
  if (finished_ || post_processing_) return;
  if (post_process_ == nullptr) return End(status);
  post_processing_ = true;
  absl::StatusOr<grpc::ByteBuffer> answer = answer_;
  if (!status.ok()) answer = status;
  post_process_(
      answer, [self = Shared(this)](absl::StatusOr<grpc::ByteBuffer> response) {
        self->loop()->Post([self, response = std::move(response)] {
          if (response.ok()) self->answer_ = *response;
          self->End(response.status());
        });
      });
}

void UnaryQueryCall::End(const absl::Status& status) {
  if (std::exchange(finished_, true)) return;
  // Nothing else is asked. What the function holds is free before the client
  // knows of the end.
  query_.reset();
  post_process_ = nullptr;
  if (status.ok()) {
    Answer(answer_);
  } else {
    Fail(status);
  }
}

void UnaryQueryCall::OnCancelled() {
  cancelled_ = true;
  // The function that starts the query ends the call instead.
  if (!begun_ || finished_ || post_processing_) return;
  deps_.pool->Abandon(ticket_);
  End(context()->CancelledStatus());
}

}  // namespace dissectd::server
