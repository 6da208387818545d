// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODES_H_
#define SERVER_FLEET_NODES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "server/base/subscribers.h"
#include "server/fleet/node.h"
#include "server/fleet/node_credentials.h"
#include "server/fleet/node_list.h"

namespace dissectd::server {

// The nodes that the fleet has now. Used on the loop's thread only.
class Nodes {
 public:
  using List = std::vector<std::shared_ptr<Node>>;
  using Names = google::protobuf::RepeatedPtrField<std::string>;

  // `credentials` is not owned and outlives this and all nodes.
  explicit Nodes(const NodeCredentials* credentials)
      : credentials_(credentials) {}
  Nodes(const Nodes&) = delete;
  Nodes& operator=(const Nodes&) = delete;

  // Replaces the nodes by these, and keeps those that stay the same.
  void Set(const std::vector<NodeAddress>& addresses);

  // Returns all nodes, sorted by their names.
  List All() const;

  // Returns the nodes with these resource names, without repetitions; all if
  // there are no names, or one of them stands for all. Errors:
  // NODE_NAME_INVALID, NODE_NOT_FOUND.
  absl::StatusOr<List> Select(const Names& names) const;
  static bool MeansAll(const Names& names);

  // Returns the node with this id. Errors: NODE_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<Node>> Find(const std::string& id) const;

  // Is told when there are others.
  Subscribers* changes() { return &changes_; }

 private:
  const NodeCredentials* const credentials_;
  std::map<std::string, std::shared_ptr<Node>> nodes_;
  Subscribers changes_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODES_H_
