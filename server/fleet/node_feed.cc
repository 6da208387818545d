// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_names.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstRetryDelay(250);
constexpr milliseconds kLastRetryDelay(10'000);

// A capture of a fleet that has died goes on for this time.
constexpr int64_t kIdleSeconds = 60;

// Whether it helps to try again, perhaps from the next frame on.
bool IsPassing(const absl::Status& error) {
  return absl::IsUnavailable(error) || absl::IsDeadlineExceeded(error) ||
         absl::IsResourceExhausted(error) || absl::IsInternal(error) ||
         absl::IsCancelled(error) || absl::IsAborted(error);
}

// Whether a daemon ended the capture, rather than somebody who wanted it to
// end.
bool EndedWithDaemon(const v1::Capture& capture) {
  return capture.stopped().reason() == v1::STOP_REASON_SHUTDOWN ||
         capture.stopped().reason() == v1::STOP_REASON_INTERRUPTED ||
         capture.state() == v1::CAPTURE_STATE_INTERRUPTED;
}

// Returns a serialised message with a response that isn't parsed.
grpc::ByteBuffer WithResponse(const v1::DissectNodesResponse& message,
                              const grpc::ByteBuffer& response) {
  using google::protobuf::internal::WireFormatLite;
  std::string prefix = message.SerializeAsString();
  {
    google::protobuf::io::StringOutputStream stream(&prefix);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.WriteTag(
        WireFormatLite::MakeTag(v1::DissectNodesResponse::kResponseFieldNumber,
                                WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
    output.WriteVarint32(static_cast<uint32_t>(response.Length()));
  }
  return JoinMessages(prefix, response);
}

}  // namespace

NodeFeed::NodeFeed(std::shared_ptr<Shared> shared, std::shared_ptr<Node> node,
                   std::string capture, size_t tag)
    : shared_(std::move(shared)),
      node_(std::move(node)),
      owns_capture_(capture.empty()),
      tag_(tag),
      capture_(std::move(capture)),
      retry_delay_(kFirstRetryDelay),
      retry_(shared_->calls.loop->context()) {}

void NodeFeed::Start() { MeasureClock(); }

void NodeFeed::Stop() {
  if (std::exchange(stopped_, true)) return;
  retry_.Stop();
  if (stream_ != nullptr) stream_->Cancel();
  if (owns_capture() && !capture_.empty()) {
    RemoveCapture(shared_->calls, node_, shared_->caller, capture_);
  }
}

void NodeFeed::MeasureClock() {
  AskForFacts(shared_->calls, node_, shared_->caller,
              [self = shared_from_this()](absl::StatusOr<NodeFacts> facts) {
                if (self->stopped_) return;
                // A caller who may not ask can still read frames.
                if (!facts.ok() && IsPassing(facts.status())) {
                  return self->HandleError(facts.status());
                }
                if (facts.ok()) self->clock_ = facts->clock;
                if (self->owns_capture()) {
                  self->CreateCapture();
                } else {
                  self->Dissect();
                }
              });
}

// The id makes a daemon return the capture if it exists.
void NodeFeed::CreateCapture() {
  v1::CreateCaptureRequest request;
  *request.mutable_options() = shared_->request.options();
  request.set_request_id(absl::StrCat(shared_->capture_id, "-", generation_));
  request.mutable_idle_timeout()->set_seconds(kIdleSeconds);
  NodeCall::Start(shared_->calls, node_, shared_->caller,
                  "CaptureService/CreateCapture", request,
                  ParsedInto<v1::CreateCaptureResponse>(
                      [self = shared_from_this()](
                          absl::StatusOr<v1::CreateCaptureResponse> response) {
                        self->OnCreated(std::move(response));
                      }));
}

void NodeFeed::OnCreated(absl::StatusOr<v1::CreateCaptureResponse> response) {
  if (!response.ok()) {
    if (!stopped_) HandleError(response.status());
    return;
  }
  const std::string& name = response->capture().name();
  if (stopped_) {
    return RemoveCapture(shared_->calls, node_, shared_->caller, name);
  }
  // A daemon that has lost its store begins to count again.
  if (name != capture_) last_frame_ = 0;
  capture_ = name;
  Dissect();
}

v1::DissectRequest NodeFeed::MakeRequest() const {
  v1::DissectRequest request;
  request.set_capture(capture_);
  *request.mutable_view() = shared_->request.view();
  *request.mutable_options() = shared_->request.dissection_options();
  *request.mutable_live() = shared_->request.live();
  // The call's own capture has no earlier frames.
  if (owns_capture() || last_frame_ > 0) {
    request.mutable_live()->clear_from_now();
  }
  if (last_frame_ > 0) {
    request.mutable_view()->mutable_range()->set_first_frame(last_frame_ + 1);
  }
  // One frame has one place in the order.
  request.mutable_batch()->set_max_frames(1);
  return request;
}

void NodeFeed::Dissect() {
  stream_id_ = ++shared_->last_stream;
  shared_->merger.Open(stream_id_);
  shared_->readers[stream_id_] = this;
  v1::DissectNodesResponse message = NewMessage();
  v1::NodeStreamStarted* started = message.mutable_started();
  started->set_capture(NodeCaptureNameOf(node_->address().name, capture_));
  started->set_first_frame(last_frame_ + 1);
  if (clock_.has_value()) {
    *started->mutable_clock_offset() = ToProto(clock_->offset);
    *started->mutable_clock_offset_error() = ToProto(clock_->error);
  }
  Push(message);
  // The events are gone when the stream has ended, as is this cycle.
  stream_ = NodeStream::Start(
      shared_->calls.loop, node_, shared_->caller, "DissectionService/Dissect",
      MakeRequest(),
      {[self = shared_from_this()](const grpc::ByteBuffer& bytes) {
         self->OnMessage(bytes);
       },
       [self = shared_from_this()](const absl::Status& status) {
         self->OnStreamEnd(status);
       }});
}

void NodeFeed::OnMessage(const grpc::ByteBuffer& bytes) {
  const absl::StatusOr<ResponseFacts> facts = ReadResponseFacts(bytes);
  if (!facts.ok()) {
    stream_->Cancel();
    node_->counts()->CountFailure(facts.status());
    return End(facts.status());
  }
  CountFrames(*facts);
  outage_told_ = false;
  retry_delay_ = kFirstRetryDelay;
  last_frame_ =
      std::max({last_frame_, facts->frame_number, facts->last_lost_frame});
  FrameMerger::Message message;
  message.bytes = WithResponse(NewMessage(), bytes);
  message.tag = tag_;
  if (facts->is_frame) {
    if (facts->time.has_value()) last_time_ = OrderTime(*facts->time);
    message.time = last_time_;
  }
  shared_->merger.Push(stream_id_, std::move(message),
                       FrameMerger::Clock::now());
  waits_for_room_ = shared_->merger.IsFull(stream_id_);
  if (!waits_for_room_) stream_->Read();
  NotifyOwner();
}

void NodeFeed::CountFrames(const ResponseFacts& facts) {
  NodeCounts* const counts = node_->counts();
  if (facts.is_frame) ++counts->frames;
  if (facts.last_lost_frame >= facts.first_lost_frame &&
      facts.first_lost_frame > 0) {
    counts->lost_frames += facts.last_lost_frame - facts.first_lost_frame + 1;
  }
}

void NodeFeed::OnTaken() {
  if (!waits_for_room_ || shared_->merger.IsFull(stream_id_)) return;
  waits_for_room_ = false;
  stream_->Read();
}

void NodeFeed::OnStreamEnd(const absl::Status& status) {
  if (stopped_) return;
  waits_for_room_ = false;
  if (!status.ok()) return HandleError(status);
  if (owns_capture()) return AskWhyItEnded();
  End(absl::OkStatus());
}

void NodeFeed::AskWhyItEnded() {
  v1::GetCaptureRequest request;
  request.set_name(capture_);
  NodeCall::Start(shared_->calls, node_, shared_->caller,
                  "CaptureService/GetCapture", request,
                  ParsedInto<v1::GetCaptureResponse>(
                      [self = shared_from_this()](
                          absl::StatusOr<v1::GetCaptureResponse> response) {
                        if (self->stopped_) return;
                        if (!response.ok()) {
                          return self->HandleError(response.status());
                        }
                        if (EndedWithDaemon(response->capture())) {
                          return self->BeginNextCapture();
                        }
                        self->End(absl::OkStatus());
                      }));
}

void NodeFeed::BeginNextCapture() {
  PushEnd(true, absl::OkStatus());
  RemoveCapture(shared_->calls, node_, shared_->caller, capture_);
  ForgetCapture();
  RetryLater();
}

void NodeFeed::HandleError(const absl::Status& error) {
  // Nothing else can have deleted the call's own capture but its daemon's end.
  const bool lost_capture =
      owns_capture() && absl::IsNotFound(error) && !capture_.empty();
  if (!IsPassing(error) && !lost_capture) return End(error);
  if (lost_capture) ForgetCapture();
  if (!node_->is_current()) return End(errors::NodeGone());
  if (stream_id_ != 0 || !outage_told_) PushEnd(true, error);
  RetryLater();
}

void NodeFeed::ForgetCapture() {
  ++generation_;
  capture_.clear();
  last_frame_ = 0;
}

void NodeFeed::RetryLater() {
  outage_told_ = true;
  retry_.Start(retry_delay_, [this] {
    if (node_->is_current()) return MeasureClock();
    End(errors::NodeGone());
  });
  retry_delay_ = std::min(2 * retry_delay_, kLastRetryDelay);
  NotifyOwner();
}

void NodeFeed::End(const absl::Status& error) {
  PushEnd(false, error);
  done_ = true;
  NotifyOwner();
}

void NodeFeed::NotifyOwner() {
  if (shared_->owner != nullptr) shared_->owner->OnFeedChanged();
}

v1::DissectNodesResponse NodeFeed::NewMessage() const {
  v1::DissectNodesResponse message;
  message.set_node(node_->name());
  message.set_stream(stream_id_);
  return message;
}

void NodeFeed::Push(const v1::DissectNodesResponse& message) {
  shared_->merger.Push(stream_id_, {SerializeMessage(message), std::nullopt},
                       FrameMerger::Clock::now());
}

void NodeFeed::PushEnd(bool retrying, const absl::Status& error) {
  if (retrying) ++node_->counts()->stream_breaks;
  if (stream_id_ == 0) stream_id_ = ++shared_->last_stream;
  v1::DissectNodesResponse message = NewMessage();
  v1::NodeStreamEnded* ended = message.mutable_ended();
  ended->set_retrying(retrying);
  if (!error.ok()) *ended->mutable_failure() = FailureOf(error);
  Push(message);
  shared_->merger.Close(stream_id_);
  shared_->readers.erase(stream_id_);
  stream_id_ = 0;
  stream_.reset();
}

absl::Time NodeFeed::OrderTime(absl::Time time) const {
  if (!shared_->request.adjust_clocks() || !clock_.has_value()) return time;
  return time - clock_->offset;
}

void RemoveCapture(const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
                   CallInfo caller, const std::string& capture) {
  // The call that made it may have no time left.
  caller.deadline = std::chrono::system_clock::time_point::max();
  v1::StopCaptureRequest stop;
  stop.set_name(capture);
  const auto remove = [deps, node, caller, capture](const auto&) {
    v1::DeleteCaptureRequest request;
    request.set_name(capture);
    request.set_delete_files(true);
    NodeCall::Start(deps, node, caller, "CaptureService/DeleteCapture", request,
                    [](const auto&) {});
  };
  NodeCall::Start(deps, node, caller, "CaptureService/StopCapture", stop,
                  remove);
}

}  // namespace dissectd::server
