// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/dissect_nodes_call.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "server/base/errors.h"
#include "server/base/random_id.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_names.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

using MergeClock = FrameMerger::Clock;

constexpr std::chrono::seconds kDefaultWindow(1);
constexpr std::chrono::seconds kLongestWindow(60);

absl::StatusOr<MergeClock::duration> WindowOf(
    const v1::DissectNodesRequest& request) {
  using google::protobuf::util::TimeUtil;
  if (!request.has_reorder_window()) return kDefaultWindow;
  // Other values may have no number of nanoseconds.
  if (std::abs(request.reorder_window().seconds()) > kLongestWindow.count()) {
    return errors::ReorderWindowInvalid();
  }
  const std::chrono::nanoseconds window(
      TimeUtil::DurationToNanoseconds(request.reorder_window()));
  if (window < window.zero() || window > kLongestWindow) {
    return errors::ReorderWindowInvalid();
  }
  return window;
}

absl::Status CheckView(const v1::View& view) {
  if (view.form() == v1::FORM_COLUMNAR) return errors::FormUnordered();
  if (view.has_range()) return errors::RangeUnexpected();
  return absl::OkStatus();
}

// Returns a message whose frame is late, where it isn't said yet.
grpc::ByteBuffer AsLate(const grpc::ByteBuffer& message) {
  v1::DissectNodesResponse late;
  late.set_late(true);
  return JoinMessages(late.SerializeAsString(), message);
}

}  // namespace

DissectNodesCall* DissectNodesCall::Create(
    const Deps& deps, std::unique_ptr<CallContext> context,
    const v1::DissectNodesRequest& request) {
  // make_shared can't call the private constructor.
  DissectNodesCall* call = Own(std::shared_ptr<DissectNodesCall>(
      new DissectNodesCall(deps, std::move(context))));
  deps.calls.loop->Post([self = Shared(call), request] {
    if (self->is_cancelled()) return self->Advance();
    const absl::Status status = self->Start(request);
    if (status.ok()) {
      self->Advance();
    } else {
      self->FinishWith(status);
    }
  });
  return call;
}

absl::Status DissectNodesCall::Start(const v1::DissectNodesRequest& request) {
  ASSIGN_OR_RETURN(const MergeClock::duration window, WindowOf(request));
  RETURN_IF_ERROR(CheckView(request.view()));
  shared_ = std::make_shared<NodeFeed::Shared>(
      NodeFeed::Shared{deps_.calls,
                       context()->info(),
                       request,
                       NewRandomId(),
                       FrameMerger(window, deps_.stream_buffer_bytes),
                       0,
                       {},
                       this});
  deps_.mergers->insert(&shared_->merger);
  switch (request.source_case()) {
    case v1::DissectNodesRequest::kCaptures:
      return AddCaptures();
    case v1::DissectNodesRequest::kOptions:
      break;
    case v1::DissectNodesRequest::SOURCE_NOT_SET:
      return errors::SourceMissing();
  }
  ASSIGN_OR_RETURN(const Nodes::List nodes,
                   deps_.nodes->Select(request.nodes()));
  AddNodes(nodes);
  if (Nodes::MeansAll(request.nodes())) {
    changes_ =
        deps_.nodes->changes()->Add([this] { AddNodes(deps_.nodes->All()); });
  }
  return absl::OkStatus();
}

absl::Status DissectNodesCall::AddCaptures() {
  const auto& names = shared_->request.captures().names();
  if (names.empty()) return errors::NodeCapturesMissing();
  std::vector<std::pair<std::shared_ptr<Node>, std::string>> captures;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(NodeCaptureName parsed, ParseNodeCaptureName(name));
    ASSIGN_OR_RETURN(std::shared_ptr<Node> node,
                     deps_.nodes->Find(parsed.node));
    captures.emplace_back(std::move(node), std::move(parsed.capture));
  }
  for (auto& [node, capture] : captures) AddFeed(node, std::move(capture));
  return absl::OkStatus();
}

void DissectNodesCall::AddNodes(const Nodes::List& nodes) {
  for (const std::shared_ptr<Node>& node : nodes) {
    const bool known = std::any_of(
        feeds_.begin(), feeds_.end(),
        [&](const auto& feed) { return feed->node() == node.get(); });
    if (!known) AddFeed(node, "");
  }
}

void DissectNodesCall::AddFeed(std::shared_ptr<Node> node,
                               std::string capture) {
  context()->AddResource(
      capture.empty() ? node->name()
                      : NodeCaptureNameOf(node->address().name, capture));
  feeds_.push_back(std::make_shared<NodeFeed>(
      shared_, std::move(node), std::move(capture), feeds_.size()));
  feeds_.back()->Start();
}

void DissectNodesCall::DoNext() {
  if (is_writing() || shared_ == nullptr) return;
  const MergeClock::time_point now = MergeClock::now();
  if (const std::optional<FrameMerger::Next> next = shared_->merger.Pop(now)) {
    return WriteNext(*next);
  }
  if (IsComplete()) return FinishWith(absl::OkStatus());
  const std::optional<MergeClock::time_point> expiry =
      shared_->merger.NextExpiry();
  if (expiry.has_value()) {
    expiry_.StartAt(*expiry, [this] { Advance(); });
  }
}

void DissectNodesCall::WriteNext(const FrameMerger::Next& next) {
  if (next.message.late) {
    ++feeds_[next.message.tag]->node()->counts()->late_frames;
  }
  Write(next.message.late ? AsLate(next.message.bytes) : next.message.bytes);
  const auto reader = shared_->readers.find(next.stream);
  if (reader != shared_->readers.end()) reader->second->OnTaken();
}

bool DissectNodesCall::IsComplete() const {
  // A fleet without nodes may have some later.
  if (feeds_.empty() && changes_ != 0) return false;
  return shared_->merger.empty() &&
         std::all_of(feeds_.begin(), feeds_.end(),
                     [](const auto& feed) { return feed->is_done(); });
}

void DissectNodesCall::OnFinish() {
  expiry_.Stop();
  if (changes_ != 0) deps_.nodes->changes()->Remove(changes_);
  if (shared_ != nullptr) {
    deps_.mergers->erase(&shared_->merger);
    shared_->owner = nullptr;
    shared_->readers.clear();
  }
  for (const auto& feed : feeds_) feed->Stop();
  feeds_.clear();
}

}  // namespace dissectd::server
