// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_clock.h"

#include <utility>

#include "absl/time/clock.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::server {
namespace {

using google::protobuf::util::TimeUtil;

// The node's time is taken somewhere between both times.
NodeFacts FactsOf(v1::GetServerInfoResponse info, absl::Time asked,
                  absl::Time answered) {
  NodeFacts facts = {std::move(info), std::nullopt};
  if (!facts.info.has_time()) return facts;
  const absl::Time time = absl::FromUnixSeconds(facts.info.time().seconds()) +
                          absl::Nanoseconds(facts.info.time().nanos());
  const absl::Duration half = (answered - asked) / 2;
  facts.clock = {time - (asked + half), half};
  return facts;
}

}  // namespace

std::shared_ptr<NodeCall> AskForFacts(
    const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
    const CallInfo& caller,
    absl::AnyInvocable<void(absl::StatusOr<NodeFacts>)> done) {
  return NodeCall::Start(
      deps, node, caller, "ServerService/GetServerInfo",
      v1::GetServerInfoRequest(),
      ParsedInto<v1::GetServerInfoResponse>(
          [node, asked = absl::Now(), done = std::move(done)](
              absl::StatusOr<v1::GetServerInfoResponse> info) mutable {
            if (!info.ok()) return done(info.status());
            const absl::Time answered = absl::Now();
            NodeFacts facts = FactsOf(*std::move(info), asked, answered);
            if (facts.clock.has_value()) {
              node->counts()->clock = {facts.clock->offset, facts.clock->error,
                                       answered};
            }
            done(std::move(facts));
          }));
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  return TimeUtil::NanosecondsToDuration(absl::ToInt64Nanoseconds(duration));
}

}  // namespace dissectd::server
