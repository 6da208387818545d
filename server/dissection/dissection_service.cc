// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissection_service.h"

#include <asio/post.hpp>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/live/live_dissect_call.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::Dissect(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* bytes) {
  CallTracker::Token token = deps_.tracker->Enter();
  v1::DissectRequest request;
  absl::Status status = ParseMessage(*bytes, &request);
  if (!token.valid()) status = errors::ServerStopping();
  if (!status.ok()) {
    const std::shared_ptr<DissectCall> call =
        DissectCall::Create({deps_.loop, deps_.engine}, std::move(token));
    call->Fail(status);
    return call.get();
  }
  return request.has_capture()
             ? DissectLive(std::move(request), std::move(token))
             : DissectFile(std::move(request), std::move(token));
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::DissectFile(
    v1::DissectRequest request, CallTracker::Token token) {
  const std::shared_ptr<DissectCall> call =
      DissectCall::Create({deps_.loop, deps_.engine}, std::move(token));
  asio::post(*deps_.pool, [this, call, request = std::move(request)]() mutable {
    absl::StatusOr<DissectCall::Work> work = Prepare(std::move(request));
    if (work.ok()) {
      call->Start(*std::move(work));
    } else {
      call->Fail(work.status());
    }
  });
  return call.get();
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::DissectLive(
    v1::DissectRequest request, CallTracker::Token token) {
  const std::shared_ptr<LiveDissectCall> call =
      LiveDissectCall::Create(deps_.loop, &live_workers_, std::move(token));
  // A second pass can't begin before the first ends.
  absl::StatusOr<WorkerLimit::Permit> permit =
      request.options().two_pass() ? errors::TwoPassesLive() : TakePermit();
  if (permit.ok()) {
    call->Start(std::move(request), *std::move(permit));
  } else {
    call->Fail(permit.status());
  }
  return call.get();
}

absl::StatusOr<DissectCall::Work> DissectionService::Prepare(
    v1::DissectRequest request) const {
  DissectCall::Work work;
  work.request = std::move(request);
  RETURN_IF_ERROR(OpenCapture(&work));
  ASSIGN_OR_RETURN(work.permit, TakePermit());
  return work;
}

absl::StatusOr<WorkerLimit::Permit> DissectionService::TakePermit() const {
  WorkerLimit::Permit permit = deps_.workers->Take();
  if (!permit.valid()) {
    return errors::TooManyWorkers(deps_.workers->limit());
  }
  return permit;
}

absl::Status DissectionService::OpenCapture(DissectCall::Work* work) const {
  v1::DissectRequest* request = &work->request;
  switch (request->source_case()) {
    case v1::DissectRequest::kFile: {
      ASSIGN_OR_RETURN(work->capture,
                       OpenStoredCapture(*deps_.files, request->file()));
      return absl::OkStatus();
    }
    case v1::DissectRequest::kInlineCapture: {
      ASSIGN_OR_RETURN(work->capture,
                       HoldInlineCapture(request->inline_capture()));
      request->clear_source();
      return absl::OkStatus();
    }
    case v1::DissectRequest::kCapture:
    case v1::DissectRequest::SOURCE_NOT_SET:
      break;
  }
  return errors::SourceMissing();
}

}  // namespace dissectd::server
