// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_WATCH_H_
#define SERVER_FLEET_NODE_WATCH_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/steady_event.h"
#include "server/fleet/fleet_config.h"
#include "server/fleet/node_list.h"
#include "server/fleet/reading_record.h"

namespace dissectd::server {

// Looks for nodes for as long as it lives, on a thread of its own.
class NodeWatch {
 public:
  using List = std::vector<NodeAddress>;
  // Takes the nodes that there are now. Called first by Start, if it finds some
  // nodes, then on another thread whenever there are others.
  using Use = std::function<void(const List&)>;

  // Errors: a message for the operator, if the file of nodes can't be used. DNS
  // may know nothing yet. Nodes that were found last stay in use while the file
  // can't be used, or DNS doesn't answer.
  static absl::StatusOr<std::unique_ptr<NodeWatch>> Start(
      const NodeSourceConfig& config, Use use);
  ~NodeWatch();
  NodeWatch(const NodeWatch&) = delete;
  NodeWatch& operator=(const NodeWatch&) = delete;

  // Returns how it goes to read the list. Thread-safe.
  ReadingRecord::State state() const { return record_.state(); }

 private:
  // Reads the file, or asks DNS.
  using Find = std::function<absl::StatusOr<List>()>;

  NodeWatch(Find find, std::chrono::seconds interval, Use use)
      : find_(std::move(find)), interval_(interval), use_(std::move(use)) {}

  void Watch();
  // Looks once, and takes what is new into use.
  absl::Status Look();

  const Find find_;
  const std::chrono::seconds interval_;
  const Use use_;
  ReadingRecord record_;
  // What was found last, and how the last attempt ended. Used by one thread at
  // a time: the one that starts the watch, then `thread_`.
  std::optional<List> found_;
  absl::Status status_;
  SteadyEvent stop_;
  std::thread thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_WATCH_H_
