// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_GRPC_STATUS_H_
#define SERVER_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"

namespace dissectd::server {

// Returns an error as part of a response.
v1::Failure FailureOf(const absl::Status& status);

// Converts a status for a client, with the details that the status carries, and
// with the reason INTERNAL if it carries none. There is no other conversion.
grpc::Status ToGrpcStatus(const absl::Status& status);

// Returns the status that a worker serialised as a dissectd.v1.StatusDetails.
// Returns INTERNAL (WORKER_PROTOCOL_ERROR) for other bytes.
absl::Status StatusFromWorker(absl::string_view status_details);

}  // namespace dissectd::server

#endif  // SERVER_RPC_GRPC_STATUS_H_
