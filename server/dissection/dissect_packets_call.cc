// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_packets_call.h"

#include <cstddef>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/rpc/request_check.h"

namespace dissectd::server {

DissectPacketsCall* DissectPacketsCall::Create(
    const Deps& deps, std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  DissectPacketsCall* call = Own(std::shared_ptr<DissectPacketsCall>(
      new DissectPacketsCall(deps, std::move(context))));
  call->ReadNext();
  return call;
}

absl::Status DissectPacketsCall::Parse(const grpc::ByteBuffer& bytes) {
  return ParseRequest(bytes, &message_);
}

const v1::DissectRequest* DissectPacketsCall::request() const {
  return message_.has_request() ? &message_.request() : nullptr;
}

absl::StatusOr<absl::string_view> DissectPacketsCall::FileBytes() {
  const size_t size = message_.packets().ByteSizeLong();
  if (size > kMaxPipeChunkBytes) {
    return errors::PipeBytesTooLarge(size, kMaxPipeChunkBytes);
  }
  file_bytes_.clear();
  RETURN_IF_ERROR(file_.Append(message_.packets(), &file_bytes_));
  return absl::string_view(file_bytes_);
}

}  // namespace dissectd::server
