// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/analysis/analysis_service.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "core/base/status_macros.h"
#include "server/analysis/watch_reports_call.h"
#include "server/base/errors.h"
#include "server/policy/permissions.h"
#include "server/query/capture_query.h"
#include "server/query/streaming_query_call.h"
#include "server/query/unary_query_call.h"
#include "server/session/frame_questions.h"
#include "server/store/capture_source.h"

namespace dissectd::server {
namespace {

// Whether a report is the one that collects user names and passwords. A worker
// makes it of any argument that begins with its name, as tshark does.
bool CollectsCredentials(const v1::Report& report) {
  const std::string& argument =
      report.raw_argument().empty() ? report.argument() : report.raw_argument();
  return absl::StartsWith(argument, "credentials");
}

template <typename Request>
absl::Status CheckReports(const ResourceAccess& access, const Actor& actor,
                          const Request& request) {
  const auto& reports = request.reports();
  if (std::none_of(reports.begin(), reports.end(), CollectsCredentials)) {
    return absl::OkStatus();
  }
  return access.CheckPermission(actor, permissions::kCredentialsRead,
                                "the report \"credentials\"");
}

}  // namespace

AnalysisService::AnalysisService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.AnalysisService"), deps_(deps) {
  BindUnary("ListReports", WorkerUse::kNone, &AnalysisService::ListReports);
  BindStream("RunStatistics", WorkerUse::kAlways,
             &AnalysisService::RunStatistics);
  BindStream("WatchStatistics", WorkerUse::kAlways,
             &AnalysisService::WatchStatistics);
  BindStream("FollowStream", WorkerUse::kAlways,
             &AnalysisService::FollowStream);
  BindStream("ListExportObjects", WorkerUse::kAlways,
             &AnalysisService::ListExportObjects);
  BindStream("ReadExportObjects", WorkerUse::kAlways,
             &AnalysisService::ReadExportObjects);
  BindUnary("ExportTlsSecrets", WorkerUse::kAlways,
            &AnalysisService::ExportTlsSecrets);
}

template <typename Request>
absl::StatusOr<DedicatedQuery> AnalysisService::Prepare(CallContext* context,
                                                        ipc::Query kind,
                                                        Request request) const {
  ASSIGN_OR_RETURN(CaptureSource source,
                   OpenSource(context, *deps_.access, *deps_.files,
                              request.mutable_source()));
  DedicatedQuery query;
  query.query.kind = kind;
  query.engine = request.source().options().engine();
  query.query.request = request.SerializeAsString();
  query.capture = std::move(source.file);
  query.capture_name = std::move(source.name);
  return query;
}

template <typename Request>
absl::StatusOr<std::unique_ptr<RunningQuery>> AnalysisService::AskSession(
    CallContext* context, ipc::Query kind, const Request& request,
    QueryReader* reader) const {
  QuestionPlan plan;
  if constexpr (std::is_same_v<Request, v1::FollowStreamRequest>) {
    plan = PlanOf(request);
  } else {
    plan = PlanOfAnalysis(kind, request.SerializeAsString());
  }
  return deps_.sessions->Ask(context, request.source().session(),
                             std::move(plan), reader);
}

template <typename Request>
RpcService::StreamReactor* AnalysisService::Stream(Context context,
                                                   ipc::Query kind,
                                                   const Request& request) {
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  if (request.source().has_session()) {
    call->StartWith(
        [this, kind, request](CallContext* asker, QueryReader* reader) {
          return AskSession(asker, kind, request, reader);
        });
    return call;
  }
  deps().file_queue->Begin(
      call->shared_from_this(),
      [this, call, kind, request](const absl::Status& turn) {
        if (!turn.ok()) return call->Fail(turn);
        absl::StatusOr<DedicatedQuery> query =
            Prepare(call->context(), kind, request);
        if (!query.ok()) return call->Fail(query.status());
        call->Start(*std::move(query));
      });
  return call;
}

RpcService::StreamReactor* AnalysisService::RunStatistics(
    Context context, const v1::RunStatisticsRequest& request) {
  const absl::Status permitted =
      CheckReports(*deps_.access, ActorOf(*context), request);
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  return Stream(std::move(context), ipc::Query::kRunStatistics, request);
}

RpcService::StreamReactor* AnalysisService::WatchStatistics(
    Context context, const v1::WatchStatisticsRequest& request) {
  absl::Status permitted =
      deps_.access->CheckReadingOfCapture(context.get(), request.capture());
  if (permitted.ok()) {
    permitted = CheckReports(*deps_.access, ActorOf(*context), request);
  }
  if (permitted.ok() && request.options().two_pass()) {
    permitted = errors::TwoPassesLive();
  }
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  WatchReportsCall* call = WatchReportsCall::Create(
      {deps_.queries.engines, deps_.live}, std::move(context));
  call->Start(request);
  return call;
}

RpcService::StreamReactor* AnalysisService::FollowStream(
    Context context, const v1::FollowStreamRequest& request) {
  return Stream(std::move(context), ipc::Query::kFollowStream, request);
}

RpcService::StreamReactor* AnalysisService::ListExportObjects(
    Context context, const v1::ListExportObjectsRequest& request) {
  return Stream(std::move(context), ipc::Query::kListExportObjects, request);
}

RpcService::StreamReactor* AnalysisService::ReadExportObjects(
    Context context, const v1::ReadExportObjectsRequest& request) {
  return Stream(std::move(context), ipc::Query::kReadExportObjects, request);
}

RpcService::UnaryReactor* AnalysisService::ExportTlsSecrets(
    Context context, const v1::ExportTlsSecretsRequest& request,
    grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  if (request.source().has_session()) {
    call->RunWith([this, request](CallContext* asker, QueryReader* reader) {
      return AskSession(asker, ipc::Query::kExportTlsSecrets, request, reader);
    });
    return call;
  }
  deps().file_queue->Begin(
      call->shared_from_this(),
      [this, call, request](const absl::Status& turn) {
        if (!turn.ok()) return call->Abort(turn);
        absl::StatusOr<DedicatedQuery> query =
            Prepare(call->context(), ipc::Query::kExportTlsSecrets, request);
        if (!query.ok()) return call->Abort(query.status());
        call->RunDedicated(*std::move(query));
      });
  return call;
}

RpcService::UnaryReactor* AnalysisService::ListReports(
    Context context, const v1::ListReportsRequest&,
    grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  call->RunCached(ipc::Query::kListReports);
  return call;
}

}  // namespace dissectd::server
