// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_CONNECTION_OPTIONS_H_
#define CLIENTS_CLI_CONNECTION_CONNECTION_OPTIONS_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "clients/cli/server_address.h"

namespace dissectd::cli {

// How to reach a daemon and how to prove who calls. Empty values aren't set.
// They come from options, from variables of the environment, or from a context.
struct ConnectionOptions {
  std::string server;
  // Whether to use TLS although no authority or certificate is named.
  bool tls = false;
  // Files in PEM: the authorities that may have signed the daemon's
  // certificate, and the client's own certificate and its key.
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  // The name that the daemon's certificate must have, if not that of the host.
  std::string tls_server_name;
  // A file with a token in its first line, or the token itself.
  std::string token_file;
  std::string token;
  // The daemon's engine for all calls, or the first parts of its id.
  std::string engine;
};

// What the user said about the connection: options and variables.
struct ConnectionChoice {
  ConnectionOptions options;
  // The name of a context in the configuration file.
  std::string context;
};

// Adds the options about the connection to the program and to all its commands,
// so that they can be given anywhere. Call this once all commands are added.
// `choice` is not owned and outlives the program.
void AddConnectionOptions(CLI::App* program, ConnectionChoice* choice);

// Adds the options that a context can have, to a command that stores them.
// `options` is not owned and outlives the command.
void AddContextOptions(CLI::App* command, ConnectionOptions* options);

// Returns the options of the connection: those that the user gave and, for the
// others, those of the chosen context. The configuration's current context
// counts only if the user named neither a server nor a context, so that a token
// never goes to another server than the one it is for. Without any server, it
// is the default address of this kind. Errors: INVALID_ARGUMENT if there is no
// such context, or the configuration can't be read.
absl::StatusOr<ConnectionOptions> ResolveConnection(
    const ConnectionChoice& choice, ServerKind kind = ServerKind::kDaemon);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_CONNECTION_OPTIONS_H_
