// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_LIST_H_
#define SERVER_FLEET_NODE_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// A node as a file or DNS tells of it.
struct NodeAddress {
  // Its id; see IsNodeId.
  std::string name;
  // Where gRPC finds its daemon: HOST:PORT or unix:/PATH.
  std::string address;
};

inline bool operator==(const NodeAddress& a, const NodeAddress& b) {
  return a.name == b.name && a.address == b.address;
}

// Reads a list of nodes: lines NAME ADDRESS, or only ADDRESS, whose host is the
// name then. Empty lines, and those that begin with #, don't count. Errors: a
// message for the operator, also if two nodes have one name.
absl::StatusOr<std::vector<NodeAddress>> ParseNodeList(absl::string_view text);

// Asks DNS for nodes, which may take some seconds. `query` is HOST:PORT, for
// all addresses of a host such as a headless service of Kubernetes; each node
// has its address as its name. Or it is `srv:NAME`, for the hosts and ports of
// SRV records; nodes have the names of these hosts, and their ports, too, if
// one host has several. Errors: a message for the operator.
absl::StatusOr<std::vector<NodeAddress>> FindNodesInDns(
    const std::string& query);

// Returns the error in a query for DNS; empty if there is none.
std::string CheckDnsQuery(const std::string& query);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_LIST_H_
