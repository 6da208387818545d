// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_GRPC_STATUS_H_
#define SERVER_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"

namespace dissectd {

// The ErrorDetail that a status carries; an empty one if it carries none.
v1::ErrorDetail DetailOf(const absl::Status& status);

// The only way from a status to a client: with the ErrorDetail that the status
// carries, or one with the reason INTERNAL if it carries none.
grpc::Status ToGrpcStatus(const absl::Status& status);

// A status that a session serialised as a dissectd.v1.StatusDetails. Bytes that
// are none give INTERNAL (SESSION_PROTOCOL_ERROR).
absl::Status StatusFromSession(absl::string_view status_details);

}  // namespace dissectd

#endif  // SERVER_GRPC_STATUS_H_
