// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_MESSAGE_BYTES_H_
#define SERVER_MESSAGE_BYTES_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"

namespace dissectd {

// Reads a message that gRPC has left as bytes. Errors: INVALID_ARGUMENT
// (REQUEST_MALFORMED).
absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message);

}  // namespace dissectd

#endif  // SERVER_MESSAGE_BYTES_H_
