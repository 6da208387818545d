// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LISTEN_ADDRESS_H_
#define SERVER_LISTEN_ADDRESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

// Checks and errors that gRPC lacks for the addresses that it listens on:
// `HOST:PORT`, with an IPv6 address in brackets, or `unix:PATH`.
namespace dissectd::server {

// Returns the address for gRPC to listen on: `localhost` is replaced by
// 127.0.0.1 where it doesn't resolve, as on machines without an entry in
// /etc/hosts.
std::string AddressToBind(const std::string& address);

// Checks that no process accepts connections at any of the Unix sockets: gRPC
// would delete such a socket and put its own in its place. A socket that a
// process left behind when it ended is no obstacle. Errors: ALREADY_EXISTS.
absl::Status CheckSocketsUnused(const std::vector<std::string>& addresses);

// Returns why gRPC couldn't listen on these addresses, by trying each. Errors:
// always UNAVAILABLE.
absl::Status ExplainListenFailure(const std::vector<std::string>& addresses);

}  // namespace dissectd::server

#endif  // SERVER_LISTEN_ADDRESS_H_
