// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_SHARE_KEY_H_
#define SERVER_RPC_SHARE_KEY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns what shares are counted by if the daemon doesn't identify its
// callers: the client's host, from its address as gRPC writes it. The port
// differs from connection to connection. A host with IPv6 has a network of 64
// bits to itself, so that network counts as one. Clients of Unix sockets, whose
// connections are named by a descriptor, have `unix:` in common.
std::string ShareKeyOf(absl::string_view peer);

}  // namespace dissectd::server

#endif  // SERVER_RPC_SHARE_KEY_H_
