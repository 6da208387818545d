// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/time_util.h"
#include "server/fleet/node_names.h"
#include "server/identity/plain_name.h"
#include "server/rpc/authenticator.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/request_id.h"
#include "server/rpc/trace_context.h"

namespace dissectd::server {
namespace {

// Names the caller to a node. A group whose name a node could take for several
// groups, or would refuse, isn't named: the caller has fewer rights without it.
void NameCaller(const Principal& caller, grpc::ClientContext* context) {
  if (caller.authentication == Authentication::kNone) return;
  // The whole id, so that nobody who is identified in one way can be taken for
  // somebody who is identified in another one.
  context->AddMetadata(kCallerNameKey, caller.id);
  std::vector<std::string> groups;
  for (const std::string& group : caller.groups) {
    if (IsPlainName(group) && !absl::StrContains(group, ',')) {
      groups.push_back(group);
    }
  }
  if (!groups.empty()) {
    context->AddMetadata(kCallerGroupsKey, absl::StrJoin(groups, ","));
  }
}

}  // namespace

std::string Node::name() const { return NodeName(address_.name); }

std::unique_ptr<grpc::ClientContext> Node::ContextFor(
    const CallInfo& caller,
    std::chrono::system_clock::time_point deadline) const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::min(deadline, caller.deadline));
  NameCaller(caller.principal, context.get());
  context->AddMetadata(kRequestIdKey, caller.request_id);
  context->AddMetadata(kTraceParentKey, TraceParentOf(caller.trace));
  const std::string authorization = credentials_->Authorization();
  if (!authorization.empty()) {
    context->AddMetadata("authorization", authorization);
  }
  return context;
}

void Node::NoteError(const absl::Status& error) {
  last_error_ = error;
  last_error_time_ = absl::Now();
}

v1::Node Node::Describe() const {
  v1::Node node;
  node.set_name(name());
  node.set_address(address_.address);
  if (!last_error_.ok()) {
    *node.mutable_last_error() = FailureOf(last_error_);
    *node.mutable_last_error_time() =
        google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
            absl::ToUnixNanos(last_error_time_));
  }
  return node;
}

}  // namespace dissectd::server
