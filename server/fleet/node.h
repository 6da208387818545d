// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_H_
#define SERVER_FLEET_NODE_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dissectd/v1/fleet.pb.h"
#include "server/fleet/node_counts.h"
#include "server/fleet/node_credentials.h"
#include "server/fleet/node_list.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// A node of the fleet, as long as the fleet or a call knows it. Used on the
// loop's thread only.
class Node {
 public:
  // `credentials` is not owned and outlives this.
  Node(NodeAddress address, const NodeCredentials* credentials)
      : address_(std::move(address)),
        credentials_(credentials),
        channel_(credentials->Connect(address_.address)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const NodeAddress& address() const { return address_; }
  std::string name() const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  NodeCounts* counts() { return &counts_; }

  // Returns the context of a call to the node for a caller of the fleet: it
  // names the caller, unless the fleet identifies none, the caller's request
  // and its trace, and has the caller's deadline, or a nearer one.
  std::unique_ptr<grpc::ClientContext> ContextFor(
      const CallInfo& caller,
      std::chrono::system_clock::time_point deadline =
          std::chrono::system_clock::time_point::max()) const;

  // Remembers an error of a call or a connection.
  void NoteError(const absl::Status& error);

  // Returns the name, the address and the last error.
  v1::Node Describe() const;

  // Whether the fleet still has the node.
  bool is_current() const { return is_current_; }
  void SetGone() { is_current_ = false; }

 private:
  const NodeAddress address_;
  const NodeCredentials* const credentials_;
  const std::shared_ptr<grpc::Channel> channel_;
  NodeCounts counts_;
  absl::Status last_error_;
  absl::Time last_error_time_;
  bool is_current_ = true;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_H_
