// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_FEED_H_
#define SERVER_FLEET_NODE_FEED_H_

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/fleet.pb.h"
#include "server/base/timer.h"
#include "server/fleet/frame_merger.h"
#include "server/fleet/node.h"
#include "server/fleet/node_call.h"
#include "server/fleet/node_clock.h"
#include "server/fleet/node_stream.h"
#include "server/fleet/response_facts.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// The frames of one capture on one node for a call of DissectNodes: starts the
// capture if it is the call's own, reads it, and begins again where it was if
// the node or the way to it breaks off. Used on the loop's thread only.
class NodeFeed : public std::enable_shared_from_this<NodeFeed> {
 public:
  // The call.
  class Owner {
   public:
    virtual ~Owner() = default;
    // Called when there are other messages, or a feed is done. May stop feeds.
    virtual void OnFeedChanged() = 0;
  };

  // What all feeds of a call share. Lives as long as any of them.
  struct Shared {
    NodeCallDeps calls;
    CallInfo caller;
    v1::DissectNodesRequest request;
    // What the ids of the call's own captures begin with.
    std::string capture_id;
    FrameMerger merger;
    FrameMerger::StreamId last_stream = 0;
    // The feeds that read streams now. Not owned; used only while there is an
    // owner.
    std::map<FrameMerger::StreamId, NodeFeed*> readers;
    // Null after the end of the call.
    Owner* owner;
  };

  // `capture` is the name of a capture at the node; empty for one of the call's
  // own. Its frames have `tag` in the merger.
  NodeFeed(std::shared_ptr<Shared> shared, std::shared_ptr<Node> node,
           std::string capture, size_t tag);

  void Start();
  // Ends the feed with the call, and its own capture.
  void Stop();

  // Called when a message of the stream that it reads was taken from the
  // merger.
  void OnTaken();

  Node* node() const { return node_.get(); }
  // Whether there will be no more messages.
  bool is_done() const { return done_; }

 private:
  bool owns_capture() const { return owns_capture_; }

  void MeasureClock();
  void CreateCapture();
  void OnCreated(absl::StatusOr<v1::CreateCaptureResponse> response);
  void Dissect();
  v1::DissectRequest MakeRequest() const;
  void OnMessage(const grpc::ByteBuffer& message);
  void CountFrames(const ResponseFacts& facts);
  void OnStreamEnd(const absl::Status& status);
  // Finds out why the call's own capture has ended.
  void AskWhyItEnded();
  // Begins another capture after one that its daemon has ended.
  void BeginNextCapture();

  // Handles an error: tries again later, if that can help.
  void HandleError(const absl::Status& error);
  // Lets the next attempt create another capture.
  void ForgetCapture();
  void RetryLater();
  // Ends the feed, without an error if the capture has ended.
  void End(const absl::Status& error);

  void NotifyOwner();

  v1::DissectNodesResponse NewMessage() const;
  void Push(const v1::DissectNodesResponse& message);
  // Says that the stream, or the attempt to begin one, has ended.
  void PushEnd(bool retrying, const absl::Status& error);
  absl::Time OrderTime(absl::Time time) const;

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Node> node_;
  const bool owns_capture_;
  const size_t tag_;
  std::string capture_;
  // The number of the call's own capture at this node.
  uint32_t generation_ = 1;
  // The last frame that was sent or lost, or that crashed a dissector.
  uint32_t last_frame_ = 0;
  std::optional<NodeFacts::Clock> clock_;
  std::shared_ptr<NodeStream> stream_;
  // 0 if there is none.
  FrameMerger::StreamId stream_id_ = 0;
  // Whether the next message will be read when there is room.
  bool waits_for_room_ = false;
  // The time of the last frame, which those without one get.
  std::optional<absl::Time> last_time_;
  // Whether the client knows that the node has no stream now.
  bool outage_told_ = false;
  std::chrono::milliseconds retry_delay_;
  Timer retry_;
  bool stopped_ = false;
  bool done_ = false;
};

// Ends a capture that a call has made, and deletes it with its files.
void RemoveCapture(const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
                   CallInfo caller, const std::string& capture);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_FEED_H_
