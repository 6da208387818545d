// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/call_counts.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <numeric>

#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "server/metrics/failure_labels.h"

namespace dissectd::server::metrics {
namespace {

std::string TypeOf(const Method& method) {
  const google::protobuf::MethodDescriptor* const descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          absl::StrReplaceAll(method.name, {{"/", "."}}));
  if (descriptor == nullptr) return "unary";
  if (descriptor->client_streaming()) {
    return descriptor->server_streaming() ? "bidi_stream" : "client_stream";
  }
  return descriptor->server_streaming() ? "server_stream" : "unary";
}

}  // namespace

// The ends are read first, as a call that begins and ends in between must not
// make the number negative.
uint64_t MethodCounts::running() const {
  const uint64_t ended = std::accumulate(
      ends.begin(), ends.end(), uint64_t{0},
      [](uint64_t sum, const Counter& end) { return sum + end.value(); });
  const uint64_t started = starts.value();
  return started - std::min(started, ended);
}

CallCounts::CallCounts() {
  for (const std::string& label : FailureLabels()) {
    failures_[label] = std::make_unique<Counter>();
  }
}

void CallCounts::OnCallBegun(const CallInfo& call) {
  CountsOf(*call.method)->starts.Add();
}

void CallCounts::OnCallEnded(const CallEnd& end) {
  MethodCounts* const counts = CountsOf(*end.call.method);
  const auto code =
      std::min(static_cast<size_t>(end.status.code()), counts->ends.size() - 1);
  counts->durations.Add(absl::ToChronoNanoseconds(end.duration));
  counts->ends[code].Add();
  if (end.status.ok()) return;
  failures_.at(FailureLabelOf(end.status))->Add();
}

MethodCounts* CallCounts::CountsOf(const Method& method) {
  const absl::MutexLock lock(&mutex_);
  std::unique_ptr<MethodCounts>& counts = methods_[&method];
  if (counts == nullptr) {
    counts = std::make_unique<MethodCounts>();
    counts->name = method.name;
    counts->type = TypeOf(method);
  }
  return counts.get();
}

std::vector<const MethodCounts*> CallCounts::methods() const {
  std::vector<const MethodCounts*> all;
  {
    const absl::MutexLock lock(&mutex_);
    for (const auto& [method, counts] : methods_) all.push_back(counts.get());
  }
  std::sort(all.begin(), all.end(),
            [](const MethodCounts* left, const MethodCounts* right) {
              return left->name < right->name;
            });
  return all;
}

std::map<std::string, uint64_t> CallCounts::failures() const {
  std::map<std::string, uint64_t> counted;
  for (const auto& [reason, count] : failures_) {
    if (count->value() > 0) counted[reason] = count->value();
  }
  return counted;
}

}  // namespace dissectd::server::metrics
