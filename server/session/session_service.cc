// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_service.h"

#include <memory>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/capture/capture_use.h"
#include "server/query/unary_query_call.h"
#include "server/session/frame_questions.h"
#include "server/session/session_edit_call.h"
#include "server/session/session_reload_call.h"
#include "server/session/session_stream_call.h"

namespace dissectd::server {

SessionService::SessionService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.SessionService"), deps_(deps) {
  // The processes of a session count as a session.
  BindStream("OpenSession", WorkerUse::kNone, &SessionService::OpenSession);
  BindStream("ReloadSession", WorkerUse::kNone, &SessionService::ReloadSession);
  BindUnary("EditSession", WorkerUse::kNone, &SessionService::EditSession);
  BindOnLoop("GetSessionEdits", &SessionService::GetSessionEdits);
  BindStream("WatchSession", WorkerUse::kNone, &SessionService::WatchSession);
  BindOnLoop("GetSession", &SessionService::GetSession);
  BindOnLoop("ListSessions", &SessionService::ListSessions);
  BindOnLoop("CloseSession", &SessionService::CloseSession);
  BindUnary("GetFrame", WorkerUse::kAlways,
            &SessionService::Ask<v1::GetFrameRequest>);
  BindUnary("ListFrames", WorkerUse::kAlways,
            &SessionService::Ask<v1::ListFramesRequest>);
  BindUnary("FindFrame", WorkerUse::kAlways,
            &SessionService::Ask<v1::FindFrameRequest>);
}

RpcService::StreamReactor* SessionService::OpenSession(
    Context context, const v1::OpenSessionRequest& request) {
  if (request.has_capture()) {
    return OpenLiveSession(std::move(context), request);
  }
  if (request.source_case() != v1::OpenSessionRequest::kFile) {
    return Refuse<StreamReactor>(std::move(context), errors::SourceMissing());
  }
  SessionStreamCall* call = SessionStreamCall::Create(
      deps().loop, std::move(context), SessionStreamCall::Until::kReady);
  deps().file_queue->Begin(
      call->shared_from_this(),
      [this, call, request](const absl::Status& turn) {
        if (!turn.ok()) return call->Fail(turn);
        absl::StatusOr<CaptureSource> source = deps_.access->OpenCapture(
            call->context(), *deps_.files, request.file());
        if (!source.ok()) return call->Fail(source.status());
        call->Start(
            [this, call, request, source = *std::move(source)]() mutable {
              return deps_.sessions->Open(call->context()->info(), request,
                                          std::move(source));
            });
      });
  return call;
}

RpcService::StreamReactor* SessionService::ReloadSession(
    Context context, const v1::ReloadSessionRequest& request) {
  SessionReloadCall* call =
      SessionReloadCall::Create(deps().loop, std::move(context));
  deps().loop->Post([this, request, call, held = call->shared_from_this()] {
    call->context()->AddResource(request.name());
    const absl::StatusOr<std::shared_ptr<Session>> session =
        deps_.sessions->Find(call->context()->principal(), request.name());
    if (!session.ok()) return call->Fail(session.status());
    if ((*session)->processes()->reads_capture()) {
      return ReloadCapture(request, (*session)->file(), call);
    }
    OpenAgain(request, (*session)->file(), call);
  });
  return call;
}

void SessionService::ReloadCapture(const v1::ReloadSessionRequest& request,
                                   const std::string& capture,
                                   SessionReloadCall* call) {
  const absl::Status permitted =
      deps_.access->CheckReadingOfCapture(call->context(), capture);
  if (!permitted.ok()) return call->Fail(permitted);
  Reload(request, std::nullopt, call);
}

void SessionService::Reload(const v1::ReloadSessionRequest& request,
                            std::optional<CaptureSource> source,
                            SessionReloadCall* call) {
  call->Start([this, call, request, source = std::move(source)](
                  SessionChange::Listener listener) mutable {
    return deps_.sessions->Reload(call->context()->principal(), request,
                                  std::move(source), std::move(listener));
  });
}

void SessionService::OpenAgain(const v1::ReloadSessionRequest& request,
                               const std::string& file,
                               SessionReloadCall* call) {
  deps().file_queue->Begin(
      call->shared_from_this(),
      [this, call, request, file](const absl::Status& turn) {
        if (!turn.ok()) return call->Fail(turn);
        absl::StatusOr<CaptureSource> source =
            deps_.access->OpenCapture(call->context(), *deps_.files, file);
        if (!source.ok()) return call->Fail(source.status());
        Reload(request, *std::move(source), call);
      });
}

RpcService::StreamReactor* SessionService::OpenLiveSession(
    Context context, const v1::OpenSessionRequest& request) {
  if (!request.read_format().empty()) {
    return Refuse<StreamReactor>(std::move(context), errors::ReadFormatLive());
  }
  const absl::Status permitted =
      deps_.access->CheckReadingOfCapture(context.get(), request.capture());
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  SessionStreamCall* call = SessionStreamCall::Create(
      deps().loop, std::move(context), SessionStreamCall::Until::kReady);
  call->Start(
      [this, call, request]() -> absl::StatusOr<std::shared_ptr<Session>> {
        ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                         deps_.live.captures->Find(request.capture()));
        ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                         LiveFeed::Create(deps_.live, request.capture()));
        return deps_.sessions->OpenLive(call->context()->info(), request,
                                        std::move(feed),
                                        CaptureUse(std::move(capture)));
      });
  return call;
}

RpcService::StreamReactor* SessionService::WatchSession(
    Context context, const v1::WatchSessionRequest& request) {
  SessionStreamCall* call = SessionStreamCall::Create(
      deps().loop, std::move(context), SessionStreamCall::Until::kClosed);
  call->Start([this, call, request] {
    return deps_.sessions->Find(call->context()->principal(), request.name());
  });
  return call;
}

void SessionService::GetSession(CallContext* context,
                                const v1::GetSessionRequest& request,
                                v1::GetSessionResponse* response, DoneFn done) {
  context->AddResource(request.name());
  const absl::StatusOr<std::shared_ptr<Session>> session =
      deps_.sessions->Find(context->principal(), request.name());
  if (session.ok()) *response->mutable_session() = (*session)->Describe();
  done(session.status());
}

RpcService::UnaryReactor* SessionService::EditSession(
    Context context, const v1::EditSessionRequest& request,
    grpc::ByteBuffer* response) {
  SessionEditCall* call =
      SessionEditCall::Create(deps().loop, std::move(context), response);
  call->Start([this, call, request](SessionChange::Listener listener) {
    call->context()->AddResource(request.name());
    return deps_.sessions->Edit(call->context()->principal(), request,
                                std::move(listener));
  });
  return call;
}

void SessionService::GetSessionEdits(CallContext* context,
                                     const v1::GetSessionEditsRequest& request,
                                     v1::GetSessionEditsResponse* response,
                                     DoneFn done) {
  context->AddResource(request.name());
  const absl::StatusOr<std::shared_ptr<Session>> session =
      deps_.sessions->Find(context->principal(), request.name());
  if (session.ok()) *response = (*session)->reading().edits.All();
  done(session.status());
}

void SessionService::ListSessions(CallContext* context,
                                  const v1::ListSessionsRequest& request,
                                  v1::ListSessionsResponse* response,
                                  DoneFn done) {
  done(deps_.sessions->List(context->principal(), request, response));
}

void SessionService::CloseSession(CallContext* context,
                                  const v1::CloseSessionRequest& request,
                                  v1::CloseSessionResponse*, DoneFn done) {
  context->AddResource(request.name());
  done(deps_.sessions->Close(context->principal(), request.name()));
}

template <typename Request>
RpcService::UnaryReactor* SessionService::Ask(Context context,
                                              const Request& request,
                                              grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  call->RunWith([this, request](CallContext* asker, QueryReader* reader) {
    return deps_.sessions->Ask(asker, request.session(), PlanOf(request),
                               reader);
  });
  return call;
}

}  // namespace dissectd::server
