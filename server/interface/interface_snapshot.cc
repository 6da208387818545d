// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_snapshot.h"

#include <optional>
#include <set>
#include <utility>

#include "core/base/utf8.h"

namespace dissectd::server {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

void SetTime(absl::Time time, google::protobuf::Timestamp* timestamp) {
  const int64_t nanoseconds = absl::ToUnixNanos(time);
  timestamp->set_seconds(nanoseconds / kNanosecondsPerSecond);
  timestamp->set_nanos(nanoseconds % kNanosecondsPerSecond);
}

void AddChange(const std::string& name, v1::InterfaceChangeKind kind,
               InterfaceSnapshot* snapshot) {
  v1::InterfaceChange* change = snapshot->add_changes();
  change->set_name(MakeValidUtf8(name));
  change->set_kind(kind);
}

void AddArrival(const std::string& name, bool up, InterfaceSnapshot* snapshot) {
  AddChange(name, v1::INTERFACE_CHANGE_KIND_APPEARED, snapshot);
  if (up) AddChange(name, v1::INTERFACE_CHANGE_KIND_UP, snapshot);
}

}  // namespace

InterfaceSnapshot InterfaceSnapshots::Next(const KernelInterfaces& kernel,
                                           absl::Time time) {
  ForgetRemoved(kernel);
  std::set<std::string> names = captured_.Names();
  for (const auto& [name, interface] : kernel) names.insert(name);

  InterfaceSnapshot snapshot;
  SetTime(time, snapshot.mutable_time());
  States states;
  for (const std::string& name : names) {
    v1::InterfaceCounters* statistics = snapshot.add_interfaces();
    State& state = states[name];
    statistics->set_name(MakeValidUtf8(name));
    const std::optional<uint64_t> captured = captured_.Get(name);
    if (captured.has_value()) statistics->set_captured_packets(*captured);
    const auto known = kernel.find(name);
    if (known == kernel.end()) continue;
    state = {known->second.index, known->second.up};
    *statistics->mutable_kernel() = known->second.counters;
    statistics->set_up(state.up);
  }
  if (begun_) AddChanges(states_, states, &snapshot);
  begun_ = true;
  states_ = std::move(states);
  return snapshot;
}

// dumpcap keeps counting interfaces that it has opened, even after they have
// gone.
void InterfaceSnapshots::ForgetRemoved(const KernelInterfaces& kernel) {
  for (const auto& [name, state] : states_) {
    if (state.index != 0 && kernel.count(name) == 0) captured_.Forget(name);
  }
}

void InterfaceSnapshots::AddChanges(const States& before, const States& now,
                                    InterfaceSnapshot* snapshot) {
  for (const auto& [name, old] : before) {
    const auto found = now.find(name);
    if (found == now.end()) {
      AddChange(name, v1::INTERFACE_CHANGE_KIND_GONE, snapshot);
      continue;
    }
    const State& state = found->second;
    if (old.index != 0 && state.index != 0 && old.index != state.index) {
      // This is another interface with the same name.
      AddChange(name, v1::INTERFACE_CHANGE_KIND_GONE, snapshot);
      AddArrival(name, state.up, snapshot);
    } else if (old.up != state.up) {
      AddChange(name,
                state.up ? v1::INTERFACE_CHANGE_KIND_UP
                         : v1::INTERFACE_CHANGE_KIND_DOWN,
                snapshot);
    }
  }
  for (const auto& [name, state] : now) {
    if (before.count(name) == 0) AddArrival(name, state.up, snapshot);
  }
}

void PendingSnapshot::Offer(std::shared_ptr<const InterfaceSnapshot> snapshot) {
  if (begun_) {
    for (const v1::InterfaceChange& change : snapshot->changes()) {
      changes_.Add(change);
    }
  }
  begun_ = true;
  snapshot_ = std::move(snapshot);
}

InterfaceSnapshot PendingSnapshot::Take() {
  InterfaceSnapshot snapshot = *std::exchange(snapshot_, nullptr);
  snapshot.clear_changes();
  for (v1::InterfaceChange& change : changes_.Take()) {
    *snapshot.add_changes() = std::move(change);
  }
  return snapshot;
}

}  // namespace dissectd::server
