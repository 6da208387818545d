// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/frame_scan.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

FrameScan::FrameScan(const Source* source, Request request, Done done)
    : source_(source),
      request_(std::move(request)),
      done_(std::move(done)),
      attempts_(source->attempts()) {
  if (request_.list != nullptr) request_.list->set_growing(true);
}

FrameScan::~FrameScan() {
  if (request_.list != nullptr) request_.list->set_growing(false);
}

absl::Status FrameScan::Start() {
  bits_.clear();
  if (request_.list != nullptr) request_.list->Clear();
  ASSIGN_OR_RETURN(worker_, source_->start());
  Query query;
  query.kind = request_.list == nullptr ? ipc::Query::kFilterFrames
                                        : ipc::Query::kListLines;
  query.request = request_.list_frames;
  query.edits = request_.edits;
  query.crashes = attempts_.crashes();
  worker_->Ask(std::move(query), this);
  return absl::OkStatus();
}

void FrameScan::OnResponse(const grpc::ByteBuffer& response) {
  if (request_.list == nullptr) {
    bits_ += BytesOf(response);
  } else if (!TakePart(BytesOf(response))) {
    broken_ = true;
  }
  worker_->ReadMore();
}

bool FrameScan::TakePart(const std::string& response) {
  absl::string_view bytes = response;
  ipc::ListPart part = {};
  if (!ipc::TakeStruct(&bytes, &part)) return false;
  if (part.kind != ipc::ListPart::kBits) return request_.list->Add(part, bytes);
  bits_.append(bytes.data(), bytes.size());
  return true;
}

void FrameScan::OnEnd(const absl::Status& status) {
  if (attempts_.MayContinueAfter(*worker_) && Start().ok()) return;
  absl::StatusOr<std::string> bits = std::move(bits_);
  if (!status.ok()) {
    bits = status;
  } else if (broken_) {
    bits = errors::WorkerProtocolError();
  }
  // This comes last, as it may destroy the object.
  std::exchange(done_, nullptr)(bits);
}

}  // namespace dissectd::server
