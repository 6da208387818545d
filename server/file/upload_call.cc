// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/upload_call.h"

#include <asio/post.hpp>
#include <string>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/resource_names.h"
#include "server/rpc/grpc_status.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {
UploadCall* UploadCall::Create(UploadStore* store, asio::thread_pool* pool,
                               CallTracker::Token token,
                               v1::WriteUploadResponse* response) {
  auto* call = new UploadCall(store, pool, std::move(token), response);
  if (call->token_.valid()) {
    call->StartRead(&call->piece_);
  } else {
    call->Finish(ToGrpcStatus(errors::ServerStopping()));
  }
  return call;
}

void UploadCall::OnReadDone(bool ok) {
  asio::post(*pool_, [this, ok] {
    const absl::Status status = ok ? TakePiece() : TakeEnd();
    if (ok && status.ok() && !piece_.finish()) {
      StartRead(&piece_);
      return;
    }
    // Before the client hears of the end, as it may call again at once.
    writer_.reset();
    Finish(ToGrpcStatus(status));
  });
}

void UploadCall::OnDone() { delete this; }

absl::Status UploadCall::TakePiece() {
  if (writer_ == nullptr) {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(piece_.name()));
    ASSIGN_OR_RETURN(writer_, store_->OpenWriter(id));
  }
  if (piece_.data().size() > kMaxUploadChunkBytes) {
    return errors::UploadChunkTooLarge(piece_.data().size(),
                                       kMaxUploadChunkBytes);
  }
  RETURN_IF_ERROR(writer_->Write(piece_.offset(), piece_.data()));
  if (!piece_.finish()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const UploadStore::Info info, writer_->Finish());
  ToProto(info, response_->mutable_upload());
  return absl::OkStatus();
}

// The client has no more to send, or is gone.
absl::Status UploadCall::TakeEnd() {
  if (writer_ == nullptr) return errors::UploadNotFound("");
  ASSIGN_OR_RETURN(const UploadStore::Info info, writer_->Commit());
  ToProto(info, response_->mutable_upload());
  return absl::OkStatus();
}

}  // namespace dissectd::server
