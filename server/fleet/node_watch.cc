// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_watch.h"

#include <string>

#include "absl/memory/memory.h"
#include "core/base/status_macros.h"
#include "server/base/operator_file.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kFileInterval(1);

absl::StatusOr<NodeWatch::List> ReadNodes(const std::string& path) {
  const absl::StatusOr<OperatorFile> file = ReadTrustedFile(path);
  if (!file.ok()) return InFile(path, file.status());
  absl::StatusOr<NodeWatch::List> nodes = ParseNodeList(file->content);
  if (!nodes.ok()) return InFile(path, nodes.status());
  return nodes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<NodeWatch>> NodeWatch::Start(
    const NodeSourceConfig& config, Use use) {
  const bool has_file = !config.file.empty();
  Find find = [query = config.dns] { return FindNodesInDns(query); };
  if (has_file) find = [path = config.file] { return ReadNodes(path); };
  // make_unique can't call the private constructor.
  auto watch = absl::WrapUnique(new NodeWatch(
      std::move(find), has_file ? kFileInterval : config.dns_interval,
      std::move(use)));
  if (has_file) RETURN_IF_ERROR(watch->Look());
  watch->thread_ = std::thread([watch = watch.get()] { watch->Watch(); });
  return watch;
}

NodeWatch::~NodeWatch() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void NodeWatch::Watch() {
  do {
    const absl::Status status = Look();
    if (status == status_) continue;
    status_ = status;
    if (status.ok()) {
      spdlog::info("the list of nodes can be read again");
    } else {
      spdlog::warn("{}; nodes that were found before stay in use",
                   std::string(status.message()));
    }
  } while (!stop_.AwaitFor(interval_));
}

absl::Status NodeWatch::Look() {
  absl::StatusOr<List> nodes = find_();
  record_.Note(nodes.status());
  if (nodes.ok() && found_ != *nodes) {
    found_ = *std::move(nodes);
    use_(*found_);
    return absl::OkStatus();
  }
  return nodes.status();
}

}  // namespace dissectd::server
