// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_statistics_call.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/status_macros.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_names.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {

NodeStatisticsCall* NodeStatisticsCall::Create(
    const NodeCallDeps& deps, Nodes* nodes,
    std::unique_ptr<CallContext> context,
    const v1::WatchNodeStatisticsRequest& request) {
  // make_shared can't call the private constructor.
  NodeStatisticsCall* call = Own(std::shared_ptr<NodeStatisticsCall>(
      new NodeStatisticsCall(deps.loop, std::move(context))));
  deps.loop->Post([self = Shared(call), nodes, request] {
    if (self->is_cancelled()) return self->Advance();
    const absl::Status status = self->Start(nodes, request);
    if (!status.ok()) self->FinishWith(status);
  });
  return call;
}

absl::Status NodeStatisticsCall::Start(
    Nodes* nodes, const v1::WatchNodeStatisticsRequest& request) {
  if (request.captures().empty()) return errors::NodeCapturesMissing();
  std::vector<std::pair<std::shared_ptr<Node>, std::string>> found;
  for (const std::string& name : request.captures()) {
    ASSIGN_OR_RETURN(NodeCaptureName parsed, ParseNodeCaptureName(name));
    ASSIGN_OR_RETURN(std::shared_ptr<Node> node, nodes->Find(parsed.node));
    found.emplace_back(std::move(node), std::move(parsed.capture));
    context()->AddResource(name);
    captures_.push_back({name, nullptr, {}});
  }
  running_ = captures_.size();
  v1::WatchCaptureStatisticsRequest watch;
  if (request.has_interval()) *watch.mutable_interval() = request.interval();
  watch.set_top_protocols(request.top_protocols());
  for (size_t i = 0; i < found.size(); ++i) {
    watch.set_name(found[i].second);
    Watch(i, found[i].first, watch);
  }
  return absl::OkStatus();
}

void NodeStatisticsCall::Watch(
    size_t index, const std::shared_ptr<Node>& node,
    const v1::WatchCaptureStatisticsRequest& request) {
  captures_[index].stream = NodeStream::Start(
      loop(), node, context()->info(), "CaptureService/WatchCaptureStatistics",
      request,
      {[self = Shared(this), index](const grpc::ByteBuffer& bytes) {
         self->OnMessage(index, bytes);
       },
       [self = Shared(this), index](const absl::Status& status) {
         self->OnEnd(index, status);
       }});
}

void NodeStatisticsCall::OnMessage(size_t index,
                                   const grpc::ByteBuffer& bytes) {
  Capture& capture = captures_[index];
  Answer answer = {index, {}};
  if (!ParseMessage(bytes, answer.message.mutable_statistics()).ok()) {
    capture.stream->Cancel();
    return OnEnd(index, errors::NodeProtocolError());
  }
  answer.message.set_name(capture.name);
  capture.totals = answer.message.statistics().totals();
  *answer.message.mutable_totals() = Totals();
  answers_.push_back(std::move(answer));
  Advance();
}

void NodeStatisticsCall::OnEnd(size_t index, const absl::Status& status) {
  Answer answer = {index, {}};
  answer.message.set_name(captures_[index].name);
  answer.message.set_ended(status.ok());
  if (!status.ok()) *answer.message.mutable_failure() = FailureOf(status);
  *answer.message.mutable_totals() = Totals();
  answers_.push_back(std::move(answer));
  --running_;
  Advance();
}

v1::CaptureCounts NodeStatisticsCall::Totals() const {
  v1::CaptureCounts totals;
  std::map<std::string, v1::ProtocolCount> protocols;
  for (const Capture& capture : captures_) {
    totals.set_packets(totals.packets() + capture.totals.packets());
    totals.set_bytes(totals.bytes() + capture.totals.bytes());
    totals.set_dropped(totals.dropped() + capture.totals.dropped());
    for (const v1::ProtocolCount& count : capture.totals.protocols()) {
      v1::ProtocolCount& sum = protocols[count.name()];
      sum.set_name(count.name());
      sum.set_packets(sum.packets() + count.packets());
      sum.set_bytes(sum.bytes() + count.bytes());
    }
  }
  for (const auto& [name, count] : protocols) {
    *totals.add_protocols() = count;
  }
  std::stable_sort(totals.mutable_protocols()->begin(),
                   totals.mutable_protocols()->end(),
                   [](const v1::ProtocolCount& a, const v1::ProtocolCount& b) {
                     return a.packets() > b.packets();
                   });
  return totals;
}

void NodeStatisticsCall::DoNext() {
  if (is_writing()) return;
  if (!answers_.empty()) {
    const Answer answer = std::move(answers_.front());
    answers_.pop_front();
    Write(answer.message);
    if (answer.message.has_statistics()) {
      captures_[answer.capture].stream->Read();
    }
    return;
  }
  if (running_ == 0) FinishWith(absl::OkStatus());
}

void NodeStatisticsCall::OnFinish() {
  for (const Capture& capture : captures_) {
    if (capture.stream != nullptr) capture.stream->Cancel();
  }
}

}  // namespace dissectd::server
