// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_ERROR_H_
#define CLIENTS_CLI_CONNECTION_ERROR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/server_address.h"

namespace dissectd::cli {

// How the program connects to the daemon.
enum class Transport { kUnixSocket, kPlaintext, kTls, kTlsWithCertificate };

// Sets the address of the server that messages name, how it is reached, and
// what it has to be. The program uses one server; call this before the first
// call.
void SetServer(absl::string_view name, Transport transport, ServerKind kind);

// Returns the message for the user if no daemon can be reached, or if it has
// gone away: what was tried, why it failed, and what to do. `error` is the
// message of gRPC's status.
std::string ConnectionErrorText(absl::string_view error);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_ERROR_H_
