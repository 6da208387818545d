// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/message_bytes.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <vector>

#include "server/base/errors.h"

namespace dissectd::server {

absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message) {
  // Copies the buffer, as reading consumes it.
  grpc::ByteBuffer copy = bytes;
  grpc::ProtoBufferReader reader(&copy);
  if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return errors::RequestMalformed(message->GetTypeName());
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  const grpc::Slice bytes(message.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

grpc::ByteBuffer JoinMessages(const std::string& first,
                              const grpc::ByteBuffer& second) {
  std::vector<grpc::Slice> slices;
  // Dump fails for an empty buffer, which has no slices.
  if (!second.Dump(&slices).ok()) slices.clear();
  slices.insert(slices.begin(), grpc::Slice(first));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace dissectd::server
