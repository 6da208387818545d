// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_CONNECTION_H_
#define CLIENTS_CLI_CONNECTION_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/connection/connection_options.h"
#include "clients/cli/connection_error.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// A channel to a daemon, which connects with its first call.
struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  // The daemon's address for messages.
  std::string server;
  Transport transport;
};

// Returns whether the options ask for TLS.
bool WantsTls(const ConnectionOptions& options);

// Makes a channel with the certificates and the token that the options name.
// Errors: INVALID_ARGUMENT if an option is wrong or contradicts another one, a
// file can't be read, or the token would travel to another machine without TLS.
absl::StatusOr<Connection> Connect(const ConnectionOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_CONNECTION_H_
