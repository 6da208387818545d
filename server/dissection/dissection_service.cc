// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissection_service.h"

#include <asio/post.hpp>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/dissection/dissect_packets_call.h"
#include "server/dissection/dissect_pipe_call.h"
#include "server/live/live_dissect_call.h"
#include "server/query/capture_query.h"
#include "server/query/streaming_query_call.h"
#include "server/session/frame_questions.h"

namespace dissectd::server {

DissectionService::DissectionService(const RpcService::Deps& rpc,
                                     const Deps& deps)
    : RpcService(rpc, "dissectd.v1.DissectionService"),
      deps_(deps),
      live_workers_(
          {rpc.loop, {rpc.loop, rpc.pool, deps.files, deps.captures}}) {
  BindStream("Dissect", WorkerUse::kAlways, &DissectionService::Dissect);
  // The worker starts with the request, which is the call's first message.
  BindBidi("DissectPipe", WorkerUse::kOnDemand,
           [this](Context context) { return DissectPipe(std::move(context)); });
  BindBidi("DissectPackets", WorkerUse::kOnDemand, [this](Context context) {
    return DissectPackets(std::move(context));
  });
}

RpcService::StreamReactor* DissectionService::Dissect(
    Context context, const v1::DissectRequest& request) {
  if (request.has_session()) {
    return DissectSession(std::move(context), request);
  }
  return request.has_capture() ? DissectLive(std::move(context), request)
                               : DissectFile(std::move(context), request);
}

RpcService::StreamReactor* DissectionService::DissectFile(
    Context context, const v1::DissectRequest& request) {
  DissectCall* call = DissectCall::Create({deps().loop, deps_.queries.engines},
                                          std::move(context));
  deps().file_queue->Begin(call->shared_from_this(),
                           [this, call, request](const absl::Status& turn) {
                             if (!turn.ok()) return call->Fail(turn);
                             absl::StatusOr<DissectCall::Work> work =
                                 Prepare(call->context(), request);
                             if (!work.ok()) return call->Fail(work.status());
                             call->Start(*std::move(work));
                           });
  return call;
}

RpcService::StreamReactor* DissectionService::DissectLive(
    Context context, const v1::DissectRequest& request) {
  // A second pass can't begin before the first ends.
  if (request.options().two_pass()) {
    return Refuse<StreamReactor>(std::move(context), errors::TwoPassesLive());
  }
  if (!request.read_format().empty()) {
    return Refuse<StreamReactor>(std::move(context), errors::ReadFormatLive());
  }
  const absl::Status permitted =
      deps_.access->CheckReadingOfCapture(context.get(), request.capture());
  if (!permitted.ok()) {
    return Refuse<StreamReactor>(std::move(context), permitted);
  }
  LiveDissectCall* call = LiveDissectCall::Create(
      {deps().loop, &live_workers_, deps_.queries.engines}, std::move(context));
  call->Start(request);
  return call;
}

RpcService::StreamReactor* DissectionService::DissectSession(
    Context context, const v1::DissectRequest& request) {
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  call->StartWith([this, request](CallContext* asker, QueryReader* reader) {
    return deps_.sessions->Ask(asker, request.session(), PlanOf(request),
                               reader);
  });
  return call;
}

RpcService::BidiReactor* DissectionService::DissectPipe(Context context) {
  return DissectPipeCall::Create({deps().loop, deps_.queries.engines},
                                 std::move(context));
}

RpcService::BidiReactor* DissectionService::DissectPackets(Context context) {
  return DissectPacketsCall::Create({deps().loop, deps_.queries.engines},
                                    std::move(context));
}

absl::StatusOr<DissectCall::Work> DissectionService::Prepare(
    CallContext* context, v1::DissectRequest request) const {
  DissectCall::Work work;
  work.request = std::move(request);
  work.max_crashes = deps_.max_crashes_per_call;
  if (deps_.crashing_frames != nullptr) {
    work.keep_frame = [frames = deps_.crashing_frames, pool = deps().pool,
                       ids = LogIdsOf(context->info())](std::string capture) {
      asio::post(*pool, [frames, ids, capture = std::move(capture)] {
        frames->Keep(capture, ids);
      });
    };
  }
  ASSIGN_OR_RETURN(work.capture, OpenSource(context, *deps_.access,
                                            *deps_.files, &work.request));
  return work;
}

}  // namespace dissectd::server
