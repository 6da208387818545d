// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_REQUEST_CHECK_H_
#define SERVER_RPC_REQUEST_CHECK_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

// The limits on the values of requests, at the one entrance that all requests
// have: before a handler, or a worker, reads any of them.
namespace dissectd::server {

// Returns the limit of a text or of bytes; none for the contents of captures,
// attachments and keys, whose sizes are limited elsewhere.
std::optional<uint32_t> MaxBytesOf(
    const google::protobuf::FieldDescriptor& field);

// Returns the limit of a repeated field's items. All items of the field in a
// request count, in whatever messages they are.
uint32_t MaxItemsOf(const google::protobuf::FieldDescriptor& field);

// Checks a serialised request of this type without building it. Errors:
// INVALID_ARGUMENT (REQUEST_MALFORMED, FILTER_TOO_LONG, TEXT_TOO_LONG,
// TOO_MANY_ITEMS).
absl::Status CheckRequest(const google::protobuf::Descriptor& type,
                          const grpc::ByteBuffer& bytes);

// Checks and reads a message of a client's stream. Errors: those of
// CheckRequest and ParseMessage.
absl::Status ParseRequest(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message);

}  // namespace dissectd::server

#endif  // SERVER_RPC_REQUEST_CHECK_H_
