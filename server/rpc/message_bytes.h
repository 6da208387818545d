// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_MESSAGE_BYTES_H_
#define SERVER_RPC_MESSAGE_BYTES_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/status/status.h"

namespace dissectd::server {

// Reads a message that gRPC has left as bytes. Errors: INVALID_ARGUMENT
// (REQUEST_MALFORMED, ENUM_VALUE_UNDEFINED).
absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message);

// Returns a message as the bytes that gRPC sends.
grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message);

// Joins two serialised messages of the same type into one with the fields of
// both.
grpc::ByteBuffer JoinMessages(const std::string& first,
                              const grpc::ByteBuffer& second);

}  // namespace dissectd::server

#endif  // SERVER_RPC_MESSAGE_BYTES_H_
