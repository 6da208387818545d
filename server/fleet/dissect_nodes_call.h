// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_DISSECT_NODES_CALL_H_
#define SERVER_FLEET_DISSECT_NODES_CALL_H_

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/fleet.pb.h"
#include "server/base/timer.h"
#include "server/fleet/frame_merger.h"
#include "server/fleet/node_call.h"
#include "server/fleet/node_feed.h"
#include "server/fleet/nodes.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of FleetService.DissectNodes.
class DissectNodesCall final : public StreamingCall, private NodeFeed::Owner {
 public:
  // Nothing is owned; all outlives the call.
  struct Deps {
    NodeCallDeps calls;
    Nodes* nodes;
    // What is kept of each stream, in bytes.
    uint64_t stream_buffer_bytes;
    // The mergers of all calls that run. Used on the loop's thread.
    std::set<const FrameMerger*>* mergers;
  };

  static DissectNodesCall* Create(const Deps& deps,
                                  std::unique_ptr<CallContext> context,
                                  const v1::DissectNodesRequest& request);

 private:
  DissectNodesCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : StreamingCall(deps.calls.loop, std::move(context)),
        deps_(deps),
        expiry_(deps.calls.loop->context()) {}

  absl::Status Start(const v1::DissectNodesRequest& request);
  absl::Status AddCaptures();
  // Adds the nodes that have no feed yet.
  void AddNodes(const Nodes::List& nodes);
  void AddFeed(std::shared_ptr<Node> node, std::string capture);

  void OnFeedChanged() override { Advance(); }
  bool is_live() const override { return true; }
  void DoNext() override;
  void WriteNext(const FrameMerger::Next& next);
  bool IsComplete() const;
  void OnFinish() override;

  const Deps deps_;
  std::shared_ptr<NodeFeed::Shared> shared_;
  std::vector<std::shared_ptr<NodeFeed>> feeds_;
  // Whether nodes that are found later are added; a subscription then.
  uint64_t changes_ = 0;
  Timer expiry_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_DISSECT_NODES_CALL_H_
