// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SERVER_ADDRESS_H_
#define CLIENTS_CLI_SERVER_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// What answers at an address.
enum class ServerKind { kDaemon, kFleet };

// The address that is used if the user gives none.
inline constexpr char kDefaultServer[] = "localhost:50051";
inline constexpr char kDefaultFleet[] = "localhost:50052";

// The address of a daemon.
struct ServerAddress {
  // The complete address for messages, for example `localhost:50051`.
  std::string name;
  // The address as gRPC takes it.
  std::string target;
};

// Parses the address of a daemon as users write it: `HOST`, `HOST:PORT`,
// `http://HOST:PORT`, `https://HOST:PORT`, `unix:/PATH`, `/PATH`, or any other
// target of gRPC that names its scheme. Without a port, it is 50051.
// `localhost` works even where it doesn't resolve. Returns INVALID_ARGUMENT,
// with a message that says what is wrong, for anything else.
absl::StatusOr<ServerAddress> ParseServerAddress(absl::string_view text);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SERVER_ADDRESS_H_
