// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/file_read_call.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/rpc/message_bytes.h"
#include "server/store/store_errors.h"

namespace dissectd::server {
namespace {

// In smaller messages, the cost of each message dominates.
constexpr uint64_t kChunkBytes = 256 << 10;

}  // namespace

FileReadCall* FileReadCall::Create(const Deps& deps,
                                   std::unique_ptr<CallContext> context,
                                   const v1::ReadFileRequest& request) {
  // make_shared can't call the private constructor.
  FileReadCall* call = Own(std::shared_ptr<FileReadCall>(
      new FileReadCall(deps, std::move(context), request)));
  deps.file_queue->Begin(
      call->shared_from_this(), [call](const absl::Status& turn) {
        const absl::Status status = turn.ok() ? call->Open() : turn;
        if (status.ok()) return call->SendNext();
        call->Finish(call->EndingWith(status));
      });
  return call;
}

void FileReadCall::OnWriteDone(bool ok) {
  EndWrite();
  if (!ok) return Finish(EndingWith(context()->CancelledStatus()));
  deps_.file_queue->Continue(shared_from_this(),
                             [this](const absl::Status&) { SendNext(); });
}

absl::Status FileReadCall::Open() {
  ASSIGN_OR_RETURN(
      file_, deps_.access->OpenFile(context(), *deps_.files, request_.name()));
  struct stat status;
  if (fstat(file_.get(), &status) != 0) {
    return errors::FileSystemError("The file can't be read", errno);
  }
  end_ = static_cast<uint64_t>(status.st_size);
  offset_ = request_.offset();
  if (offset_ > end_) {
    return errors::FileOffsetInvalid(request_.name(), offset_, end_);
  }
  if (request_.limit() != 0) {
    end_ = offset_ + std::min<uint64_t>(end_ - offset_, request_.limit());
  }
  return absl::OkStatus();
}

absl::Status FileReadCall::ReadChunk(std::string* data) {
  data->resize(std::min(kChunkBytes, end_ - offset_));
  if (data->empty()) return absl::OkStatus();
  ssize_t count;
  do {
    count = pread(file_.get(), data->data(), data->size(),
                  static_cast<off_t>(offset_));
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return errors::FileSystemError("The file can't be read", errno);
  }
  if (count == 0) {
    return errors::FileCutShort(request_.name());
  }
  data->resize(static_cast<size_t>(count));
  offset_ += data->size();
  return absl::OkStatus();
}

void FileReadCall::SendNext() {
  v1::ReadFileResponse response;
  const absl::Status status = ReadChunk(response.mutable_data());
  if (!status.ok() || response.data().empty()) {
    return Finish(EndingWith(status));
  }
  bytes_ = SerializeMessage(response);
  context()->CountSent(bytes_.Length());
  BeginWrite();
  StartWrite(&bytes_);
}

}  // namespace dissectd::server
