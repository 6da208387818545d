// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection_service.h"

#include <asio/post.hpp>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/errors.h"
#include "server/limits.h"
#include "server/live/live_dissect_call.h"
#include "server/message_bytes.h"

namespace dissectd {
grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::Dissect(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* bytes) {
  CallGate::Pass pass = parts_.gate->Enter();
  v1::DissectRequest request;
  absl::Status status = ParseMessage(*bytes, &request);
  if (!pass.valid()) status = errors::ServerStopping();
  if (!status.ok()) {
    const std::shared_ptr<DissectCall> call =
        DissectCall::Create({parts_.loop, parts_.host}, std::move(pass));
    call->Fail(status);
    return call.get();
  }
  return request.has_capture()
             ? DissectLive(std::move(request), std::move(pass))
             : DissectFile(std::move(request), std::move(pass));
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::DissectFile(
    v1::DissectRequest request, CallGate::Pass pass) {
  const std::shared_ptr<DissectCall> call =
      DissectCall::Create({parts_.loop, parts_.host}, std::move(pass));
  asio::post(
      *parts_.pool, [this, call, request = std::move(request)]() mutable {
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
    v1::DissectRequest request, CallGate::Pass pass) {
  const std::shared_ptr<LiveDissectCall> call =
      LiveDissectCall::Create(parts_.loop, &live_sessions_, std::move(pass));
  // A second pass can't begin before the first ends.
  absl::StatusOr<SessionLimit::Place> place =
      request.options().two_pass() ? errors::TwoPassesLive() : TakePlace();
  if (place.ok()) {
    call->Start(std::move(request), *std::move(place));
  } else {
    call->Fail(place.status());
  }
  return call.get();
}

absl::StatusOr<DissectCall::Work> DissectionService::Prepare(
    v1::DissectRequest request) const {
  DissectCall::Work work;
  work.request = std::move(request);
  RETURN_IF_ERROR(OpenCapture(&work));
  ASSIGN_OR_RETURN(work.place, TakePlace());
  return work;
}

absl::StatusOr<SessionLimit::Place> DissectionService::TakePlace() const {
  SessionLimit::Place place = parts_.sessions->Take();
  if (!place.valid()) {
    return errors::TooManySessions(parts_.sessions->limit());
  }
  return place;
}

absl::Status DissectionService::OpenCapture(DissectCall::Work* work) const {
  v1::DissectRequest* request = &work->request;
  switch (request->source_case()) {
    case v1::DissectRequest::kFile: {
      ASSIGN_OR_RETURN(work->capture,
                       OpenStoredCapture(*parts_.files, request->file()));
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

}  // namespace dissectd
