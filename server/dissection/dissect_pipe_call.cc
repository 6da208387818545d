// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_pipe_call.h"

#include <cstddef>
#include <utility>

#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/rpc/request_check.h"

namespace dissectd::server {

DissectPipeCall* DissectPipeCall::Create(const Deps& deps,
                                         std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  DissectPipeCall* call = Own(std::shared_ptr<DissectPipeCall>(
      new DissectPipeCall(deps, std::move(context))));
  call->ReadNext();
  return call;
}

absl::Status DissectPipeCall::Parse(const grpc::ByteBuffer& bytes) {
  return ParseRequest(bytes, &message_);
}

const v1::DissectRequest* DissectPipeCall::request() const {
  return message_.has_request() ? &message_.request() : nullptr;
}

absl::StatusOr<absl::string_view> DissectPipeCall::FileBytes() {
  const size_t size = message_.data().size();
  if (size > kMaxPipeChunkBytes) {
    return errors::PipeBytesTooLarge(size, kMaxPipeChunkBytes);
  }
  return absl::string_view(message_.data());
}

}  // namespace dissectd::server
