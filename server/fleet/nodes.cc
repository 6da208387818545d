// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/nodes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/status_macros.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_names.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

void Nodes::Set(const std::vector<NodeAddress>& addresses) {
  std::map<std::string, std::shared_ptr<Node>> next;
  for (const NodeAddress& address : addresses) {
    const auto known = nodes_.find(address.name);
    if (known != nodes_.end() && known->second->address() == address) {
      next.insert(*known);
      continue;
    }
    spdlog::info("node {} is at {}", address.name, address.address);
    next.emplace(address.name, std::make_shared<Node>(address, credentials_));
  }
  for (const auto& [name, node] : nodes_) {
    const auto kept = next.find(name);
    if (kept != next.end() && kept->second == node) continue;
    node->SetGone();
    if (kept == next.end()) spdlog::info("node {} is gone", name);
  }
  nodes_ = std::move(next);
  changes_.NotifyAll();
}

Nodes::List Nodes::All() const {
  List all;
  for (const auto& [name, node] : nodes_) all.push_back(node);
  return all;
}

bool Nodes::MeansAll(const Names& names) {
  return names.empty() ||
         std::find(names.begin(), names.end(), kAllNodes) != names.end();
}

absl::StatusOr<Nodes::List> Nodes::Select(const Names& names) const {
  if (MeansAll(names)) return All();
  List selected;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string id, ParseNodeName(name));
    ASSIGN_OR_RETURN(std::shared_ptr<Node> node, Find(id));
    if (seen.insert(std::move(id)).second) selected.push_back(std::move(node));
  }
  return selected;
}

absl::StatusOr<std::shared_ptr<Node>> Nodes::Find(const std::string& id) const {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return errors::NodeNotFound(NodeName(id));
  return found->second;
}

}  // namespace dissectd::server
