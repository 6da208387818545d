// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LIBRARY_LOGS_H_
#define CLIENTS_CLI_LIBRARY_LOGS_H_

namespace dissectd::cli {

// Keeps gRPC and protobuf from writing to the terminal: what matters to the
// user comes as a status, and is told in the program's own words. Whoever sets
// GRPC_VERBOSITY still gets gRPC's log.
void SilenceLibraries();

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LIBRARY_LOGS_H_
