// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LIBRARY_LOGS_H_
#define CLIENTS_CLI_LIBRARY_LOGS_H_

namespace dissectd::cli {

// Keeps gRPC and protobuf from writing to the terminal: errors that matter to
// the user come as a status, and the program reports them. If GRPC_VERBOSITY is
// set, gRPC still logs.
void SilenceLibraries();

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LIBRARY_LOGS_H_
