// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/file_read_call.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <asio/post.hpp>
#include <cerrno>
#include <string>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// Below, the cost of a message dominates.
constexpr uint64_t kChunkBytes = 256 << 10;

}  // namespace

FileReadCall* FileReadCall::Create(const FileStore* files,
                                   asio::thread_pool* pool,
                                   CallTracker::Token token,
                                   const v1::ReadFileRequest& request) {
  auto* call = new FileReadCall(files, pool, std::move(token), request);
  if (!call->token_.valid()) {
    call->Finish(ToGrpcStatus(errors::ServerStopping()));
    return call;
  }
  asio::post(*pool, [call] {
    const absl::Status status = call->Open();
    if (status.ok()) return call->SendNext();
    call->Finish(ToGrpcStatus(status));
  });
  return call;
}

void FileReadCall::OnWriteDone(bool ok) {
  if (!ok) {
    return Finish(
        ToGrpcStatus(absl::CancelledError("The call was cancelled.")));
  }
  asio::post(*pool_, [this] { SendNext(); });
}

void FileReadCall::OnDone() { delete this; }

absl::Status FileReadCall::Open() {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request_.name()));
  ASSIGN_OR_RETURN(file_, files_->OpenFile(path));
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
    end_ = offset_ + std::min(end_ - offset_, request_.limit());
  }
  return absl::OkStatus();
}

absl::Status FileReadCall::ReadChunk() {
  std::string* const data = chunk_.mutable_data();
  data->resize(std::min(kChunkBytes, end_ - offset_));
  while (!data->empty()) {
    const ssize_t count = pread(file_.get(), data->data(), data->size(),
                                static_cast<off_t>(offset_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return errors::FileSystemError("The file can't be read", errno);
    }
    if (count == 0) {
      return errors::FileSystemError("The file became shorter", EIO);
    }
    data->resize(static_cast<size_t>(count));
    offset_ += data->size();
    break;
  }
  return absl::OkStatus();
}

void FileReadCall::SendNext() {
  const absl::Status status = ReadChunk();
  if (!status.ok() || chunk_.data().empty()) {
    Finish(ToGrpcStatus(status));
  } else {
    StartWrite(&chunk_);
  }
}

}  // namespace dissectd::server
