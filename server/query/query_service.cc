// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_service.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/base/errors.h"
#include "server/engine/worker_socket.h"
#include "server/query/streaming_query_call.h"
#include "server/query/unary_query_call.h"

namespace dissectd::server {
namespace {

absl::StatusOr<DedicatedQuery> Prepare(const QueryDeps& deps, bool admitted,
                                       ipc::Query kind,
                                       const grpc::ByteBuffer& request) {
  if (!admitted) return errors::ServerStopping();
  DedicatedQuery query;
  query.query.kind = kind;
  query.query.request = BytesOf(request);
  query.permit = deps.workers->Take();
  if (!query.permit.valid()) {
    return errors::TooManyWorkers(deps.workers->limit());
  }
  return query;
}

}  // namespace

grpc::ServerUnaryReactor* RunPooled(const QueryDeps& deps, ipc::Query kind,
                                    const grpc::ByteBuffer& request,
                                    grpc::ByteBuffer* response) {
  CallTracker::Token token = deps.tracker->Enter();
  const bool admitted = token.valid();
  UnaryQueryCall* call = UnaryQueryCall::Create(
      {deps.loop, deps.engine, deps.pool}, std::move(token), response);
  if (admitted) {
    call->Ask(kind, request);
  } else {
    call->Fail(errors::ServerStopping());
  }
  return call;
}

grpc::ServerUnaryReactor* RunDedicated(const QueryDeps& deps, ipc::Query kind,
                                       const grpc::ByteBuffer& request,
                                       grpc::ByteBuffer* response) {
  CallTracker::Token token = deps.tracker->Enter();
  absl::StatusOr<DedicatedQuery> query =
      Prepare(deps, token.valid(), kind, request);
  UnaryQueryCall* call = UnaryQueryCall::Create(
      {deps.loop, deps.engine, deps.pool}, std::move(token), response);
  if (query.ok()) {
    call->RunDedicated(*std::move(query));
  } else {
    call->Fail(query.status());
  }
  return call;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamDedicated(
    const QueryDeps& deps, ipc::Query kind, const grpc::ByteBuffer& request) {
  CallTracker::Token token = deps.tracker->Enter();
  absl::StatusOr<DedicatedQuery> query =
      Prepare(deps, token.valid(), kind, request);
  const std::shared_ptr<StreamingQueryCall> call =
      StreamingQueryCall::Create({deps.loop, deps.engine}, std::move(token));
  if (query.ok()) {
    call->Start(*std::move(query));
  } else {
    call->Fail(query.status());
  }
  return call.get();
}

}  // namespace dissectd::server
