// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_CREDENTIALS_H_
#define SERVER_FLEET_NODE_CREDENTIALS_H_

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/base/watched_file.h"
#include "server/fleet/fleet_config.h"

namespace dissectd::server {

// What the fleet shows nodes, and believes them. Thread-safe.
class NodeCredentials {
 public:
  // Errors: a message for the operator about a file that can't be used.
  static absl::StatusOr<std::unique_ptr<NodeCredentials>> Load(
      const NodeConnectionConfig& config);

  // Returns a channel to a node, which connects when it is first used. It uses
  // new certificates within some seconds after their files have changed.
  std::shared_ptr<grpc::Channel> Connect(const std::string& address) const;

  // Returns the value of the metadata `authorization` for nodes; empty if they
  // get none.
  std::string Authorization() const;

 private:
  explicit NodeCredentials(NodeConnectionConfig config)
      : config_(std::move(config)) {}

  const NodeConnectionConfig config_;
  std::shared_ptr<grpc::ChannelCredentials> channel_credentials_;
  // Null without a token.
  std::unique_ptr<WatchedValue<std::string>> token_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_CREDENTIALS_H_
