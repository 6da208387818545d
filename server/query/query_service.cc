// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_service.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/errors.h"
#include "server/query/streaming_query_call.h"
#include "server/query/unary_query_call.h"
#include "server/session_socket.h"

namespace dissectd {
namespace {

absl::StatusOr<QueryOfItsOwn> Prepare(const QueryParts& parts, bool admitted,
                                      ipc::Query kind,
                                      const grpc::ByteBuffer& request) {
  if (!admitted) return errors::ServerStopping();
  QueryOfItsOwn query;
  query.query.kind = kind;
  query.query.request = BytesOf(request);
  query.place = parts.sessions->Take();
  if (!query.place.valid()) {
    return errors::TooManySessions(parts.sessions->limit());
  }
  return query;
}

}  // namespace

grpc::ServerUnaryReactor* AskShared(const QueryParts& parts, ipc::Query kind,
                                    const grpc::ByteBuffer& request,
                                    grpc::ByteBuffer* response) {
  CallGate::Pass pass = parts.gate->Enter();
  const bool admitted = pass.valid();
  UnaryQueryCall* call = UnaryQueryCall::Create(
      {parts.loop, parts.host, parts.pool}, std::move(pass), response);
  if (admitted) {
    call->Ask(kind, request);
  } else {
    call->Fail(errors::ServerStopping());
  }
  return call;
}

grpc::ServerUnaryReactor* AskAlone(const QueryParts& parts, ipc::Query kind,
                                   const grpc::ByteBuffer& request,
                                   grpc::ByteBuffer* response) {
  CallGate::Pass pass = parts.gate->Enter();
  absl::StatusOr<QueryOfItsOwn> query =
      Prepare(parts, pass.valid(), kind, request);
  UnaryQueryCall* call = UnaryQueryCall::Create(
      {parts.loop, parts.host, parts.pool}, std::move(pass), response);
  if (query.ok()) {
    call->AskAlone(*std::move(query));
  } else {
    call->Fail(query.status());
  }
  return call;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamAlone(
    const QueryParts& parts, ipc::Query kind, const grpc::ByteBuffer& request) {
  CallGate::Pass pass = parts.gate->Enter();
  absl::StatusOr<QueryOfItsOwn> query =
      Prepare(parts, pass.valid(), kind, request);
  const std::shared_ptr<StreamingQueryCall> call =
      StreamingQueryCall::Create({parts.loop, parts.host}, std::move(pass));
  if (query.ok()) {
    call->Start(*std::move(query));
  } else {
    call->Fail(query.status());
  }
  return call.get();
}

}  // namespace dissectd
