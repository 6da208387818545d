// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_watch.h"

#include <string>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "core/base/status_macros.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

absl::StatusOr<std::unique_ptr<NodeWatch>> NodeWatch::Start(
    const NodeSourceConfig& config, Use use) {
  // make_unique can't call the private constructor.
  auto watch = absl::WrapUnique(new NodeWatch(config, std::move(use)));
  if (config.file.empty()) {
    watch->thread_ = std::thread([watch = watch.get()] { watch->AskDns(); });
    return watch;
  }
  const auto take =
      [watch = watch.get()](const OperatorFile& file) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<NodeAddress> nodes,
                     ParseNodeList(file.content));
    watch->use_(std::move(nodes));
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(watch->file_, WatchedFile::Open(config.file, take));
  return watch;
}

NodeWatch::~NodeWatch() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void NodeWatch::AskDns() {
  absl::Status last;
  do {
    absl::StatusOr<std::vector<NodeAddress>> nodes =
        FindNodesInDns(config_.dns);
    const absl::Status status = nodes.status();
    if (nodes.ok()) use_(*std::move(nodes));
    if (!status.ok() && status != last) {
      spdlog::warn("{}; nodes that were found before stay in use",
                   std::string(status.message()));
    }
    last = status;
  } while (!stop_.AwaitFor(config_.dns_interval));
}

}  // namespace dissectd::server
