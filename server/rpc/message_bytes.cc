// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/message_bytes.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include "server/base/errors.h"

namespace dissectd::server {

absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message) {
  // The reader takes what it reads.
  grpc::ByteBuffer copy = bytes;
  grpc::ProtoBufferReader reader(&copy);
  if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return errors::RequestMalformed(message->GetTypeName());
}

}  // namespace dissectd::server
