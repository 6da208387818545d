// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_WATCH_H_
#define SERVER_FLEET_NODE_WATCH_H_

#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/steady_event.h"
#include "server/base/watched_file.h"
#include "server/fleet/fleet_config.h"
#include "server/fleet/node_list.h"

namespace dissectd::server {

// Looks for nodes for as long as it lives, on a thread of its own.
class NodeWatch {
 public:
  // Takes the nodes that there are now. Called on another thread.
  using Use = std::function<void(std::vector<NodeAddress>)>;

  // Errors: a message for the operator, if the file of nodes can't be used. DNS
  // may know nothing yet: what it knew last stays in use while it doesn't
  // answer.
  static absl::StatusOr<std::unique_ptr<NodeWatch>> Start(
      const NodeSourceConfig& config, Use use);
  ~NodeWatch();
  NodeWatch(const NodeWatch&) = delete;
  NodeWatch& operator=(const NodeWatch&) = delete;

 private:
  NodeWatch(NodeSourceConfig config, Use use)
      : config_(std::move(config)), use_(std::move(use)) {}

  void AskDns();

  const NodeSourceConfig config_;
  const Use use_;
  // Null if DNS is asked.
  std::unique_ptr<WatchedFile> file_;
  SteadyEvent stop_;
  std::thread thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_WATCH_H_
