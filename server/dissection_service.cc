// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection_service.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <asio/post.hpp>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/errors.h"
#include "server/memory_file.h"
#include "server/resource_names.h"

namespace dissectd {
namespace {

absl::Status Parse(grpc::ByteBuffer* bytes, v1::DissectRequest* request) {
  grpc::ProtoBufferReader reader(bytes);
  if (reader.status().ok() && request->ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return errors::RequestMalformed(request->GetTypeName());
}

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* DissectionService::Dissect(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* request) {
  CallGate::Pass pass = parts_.gate->Enter();
  const bool stopping = !pass.valid();
  const std::shared_ptr<DissectCall> call = DissectCall::Create(
      {parts_.loop, parts_.host, parts_.live}, std::move(pass));
  if (stopping) {
    call->Fail(errors::ServerStopping());
    return call.get();
  }
  // A copy of references to the bytes.
  asio::post(*parts_.pool, [this, call, bytes = *request]() mutable {
    absl::StatusOr<DissectCall::Work> work = Prepare(&bytes);
    if (work.ok()) {
      call->Start(*std::move(work));
    } else {
      call->Fail(work.status());
    }
  });
  return call.get();
}

absl::StatusOr<DissectCall::Work> DissectionService::Prepare(
    grpc::ByteBuffer* bytes) const {
  DissectCall::Work work;
  RETURN_IF_ERROR(Parse(bytes, &work.request));
  RETURN_IF_ERROR(OpenCapture(&work));
  work.place = parts_.sessions->Take();
  if (!work.place.valid()) {
    return errors::TooManySessions(parts_.sessions->limit());
  }
  return work;
}

absl::Status DissectionService::OpenCapture(DissectCall::Work* work) const {
  v1::DissectRequest* request = &work->request;
  switch (request->source_case()) {
    case v1::DissectRequest::kFile: {
      ASSIGN_OR_RETURN(const std::string path, ParseFileName(request->file()));
      ASSIGN_OR_RETURN(work->capture, parts_.files->OpenFile(path));
      work->capture_name = path.substr(path.rfind('/') + 1);
      return absl::OkStatus();
    }
    case v1::DissectRequest::kInlineCapture: {
      const size_t size = request->inline_capture().size();
      if (size > kMaxInlineCaptureBytes) {
        return errors::InlineCaptureTooLarge(size, kMaxInlineCaptureBytes);
      }
      ASSIGN_OR_RETURN(work->capture,
                       MemoryFileWith(request->inline_capture()));
      request->clear_source();
      return absl::OkStatus();
    }
    case v1::DissectRequest::kCapture:
      // A second pass can't begin before the first ends.
      if (request->options().two_pass()) return errors::TwoPassesLive();
      return absl::OkStatus();
    case v1::DissectRequest::SOURCE_NOT_SET:
      break;
  }
  return errors::SourceMissing();
}

}  // namespace dissectd
