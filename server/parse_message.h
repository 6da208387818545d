// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PARSE_MESSAGE_H_
#define SERVER_PARSE_MESSAGE_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"

namespace dissectd {

// Parses the request of a call that is forwarded as it came. Errors:
// INVALID_ARGUMENT (REQUEST_MALFORMED).
absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message);

}  // namespace dissectd

#endif  // SERVER_PARSE_MESSAGE_H_
