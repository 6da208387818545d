// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_GRPC_STATUS_H_
#define SERVER_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"

namespace dissectd::server {

// An error as part of an answer.
v1::Failure FailureOf(const absl::Status& status);

// The only way from a status to a client: with the details that the status
// carries, and the reason INTERNAL if it carries none.
grpc::Status ToGrpcStatus(const absl::Status& status);

// A status that a worker serialised as a dissectd.v1.StatusDetails. Bytes that
// are none give INTERNAL (WORKER_PROTOCOL_ERROR).
absl::Status StatusFromWorker(absl::string_view status_details);

}  // namespace dissectd::server

#endif  // SERVER_RPC_GRPC_STATUS_H_
