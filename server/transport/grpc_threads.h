// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_GRPC_THREADS_H_
#define SERVER_TRANSPORT_GRPC_THREADS_H_

#include "absl/status/status.h"

namespace dissectd::server {

// Starts all threads that gRPC's executor would otherwise start when it has
// much to do. If the system refuses one of them, gRPC 1.51 takes it for started
// and gives it work that nobody does: calls then never end, and neither does
// the server. Needs gRPC to be initialised. Errors: RESOURCE_EXHAUSTED, with a
// message for the operator; gRPC can't be used then.
absl::Status StartGrpcThreads();

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_GRPC_THREADS_H_
