// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/upload_call.h"

#include <string>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/file/permitted_upload.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/request_check.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {

UploadCall* UploadCall::Create(const Deps& deps,
                               std::unique_ptr<CallContext> context,
                               grpc::ByteBuffer* response) {
  // make_shared can't call the private constructor.
  UploadCall* call = Own(std::shared_ptr<UploadCall>(
      new UploadCall(deps, std::move(context), response)));
  call->ReadNext();
  return call;
}

void UploadCall::ReadNext() {
  BeginRead();
  StartRead(&bytes_);
}

void UploadCall::OnOverdue() {
  // What is being done with a chunk can't be interrupted.
  if (!EndRead()) return Call::OnOverdue();
  deps_.file_queue->Continue(shared_from_this(), [this](const absl::Status&) {
    writer_.reset();
    Finish(EndingWith(context()->CancelledStatus()));
  });
}

void UploadCall::OnReadDone(bool ok) {
  // The call has ended if this comes too late.
  if (!EndRead()) return;
  deps_.file_queue->Continue(
      shared_from_this(), [this, ok](const absl::Status&) {
        const absl::Status status = ok ? WriteChunk() : EndChunks();
        if (ok && status.ok() && !chunk_.finish()) {
          ReadNext();
          return;
        }
        // Releases the upload before the call ends, as the client may call
        // again at once.
        writer_.reset();
        Finish(EndingWith(status));
      });
}

absl::Status UploadCall::WriteChunk() {
  context()->CountReceived(bytes_.Length());
  RETURN_IF_ERROR(ParseRequest(bytes_, &chunk_));
  if (writer_ == nullptr) {
    ASSIGN_OR_RETURN(
        const std::string id,
        PermittedUpload(context(), *deps_.access, *deps_.store, chunk_.name()));
    ASSIGN_OR_RETURN(writer_, deps_.store->OpenWriter(id));
  }
  if (chunk_.data().size() > kMaxUploadChunkBytes) {
    return errors::UploadChunkTooLarge(chunk_.data().size(),
                                       kMaxUploadChunkBytes);
  }
  RETURN_IF_ERROR(writer_->Write(chunk_.offset(), chunk_.data()));
  if (!chunk_.finish()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const UploadStore::Info info, writer_->Finish());
  Respond(info);
  return absl::OkStatus();
}

absl::Status UploadCall::EndChunks() {
  if (writer_ == nullptr) return errors::UploadNotFound("");
  ASSIGN_OR_RETURN(const UploadStore::Info info, writer_->Commit());
  Respond(info);
  return absl::OkStatus();
}

void UploadCall::Respond(const UploadStore::Info& info) {
  v1::WriteUploadResponse response;
  ToProto(info, response.mutable_upload());
  *response_ = SerializeMessage(response);
  context()->CountSent(response_->Length());
}

}  // namespace dissectd::server
