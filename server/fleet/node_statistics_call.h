// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_STATISTICS_CALL_H_
#define SERVER_FLEET_NODE_STATISTICS_CALL_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/fleet.pb.h"
#include "server/fleet/node_call.h"
#include "server/fleet/node_stream.h"
#include "server/fleet/nodes.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of FleetService.WatchNodeStatistics. Has one message of each capture
// at most, and reads the next when the client has got it.
class NodeStatisticsCall final : public StreamingCall {
 public:
  // `nodes` is not owned and outlives the call.
  static NodeStatisticsCall* Create(
      const NodeCallDeps& deps, Nodes* nodes,
      std::unique_ptr<CallContext> context,
      const v1::WatchNodeStatisticsRequest& request);

 private:
  struct Capture {
    std::string name;
    std::shared_ptr<NodeStream> stream;
    v1::CaptureCounts totals;
  };
  // A message to send, and the capture that it is about.
  struct Answer {
    size_t capture;
    v1::WatchNodeStatisticsResponse message;
  };

  NodeStatisticsCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)) {}

  absl::Status Start(Nodes* nodes,
                     const v1::WatchNodeStatisticsRequest& request);
  void Watch(size_t index, const std::shared_ptr<Node>& node,
             const v1::WatchCaptureStatisticsRequest& request);
  void OnMessage(size_t index, const grpc::ByteBuffer& bytes);
  void OnEnd(size_t index, const absl::Status& status);
  v1::CaptureCounts Totals() const;

  bool is_live() const override { return true; }
  void DoNext() override;
  void OnFinish() override;

  std::vector<Capture> captures_;
  size_t running_ = 0;
  std::deque<Answer> answers_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_STATISTICS_CALL_H_
