// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/watch_statistics_call.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "server/capture_statistics/top_protocols.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {
namespace {

using google::protobuf::util::TimeUtil;

constexpr absl::Duration kDefaultInterval = absl::Seconds(1);
constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);
constexpr absl::Duration kLongestInterval = absl::Hours(1);
// The worker counts by slots of this length.
constexpr absl::Duration kResolution = absl::Milliseconds(10);
// dumpcap writes packets up to half a second after they were captured.
constexpr absl::Duration kShortestDelay = absl::Seconds(1);
// Packets of several interfaces may be out of order by this.
constexpr absl::Duration kReordering = absl::Milliseconds(500);
constexpr size_t kDefaultTop = 10;

}  // namespace

WatchStatisticsCall* WatchStatisticsCall::Create(
    IoLoop* loop, CaptureStatisticsPool* pool,
    std::unique_ptr<CallContext> context,
    const v1::WatchCaptureStatisticsRequest& request) {
  // make_shared can't call the private constructor.
  WatchStatisticsCall* call = Own(std::shared_ptr<WatchStatisticsCall>(
      new WatchStatisticsCall(loop, std::move(context))));
  loop->Post([call = Shared(call), pool, request] {
    const absl::Status status = call->Start(pool, request);
    if (!status.ok()) call->FinishWith(status);
  });
  return call;
}

absl::Status WatchStatisticsCall::Start(
    CaptureStatisticsPool* pool,
    const v1::WatchCaptureStatisticsRequest& request) {
  interval_ = kDefaultInterval;
  if (request.has_interval()) {
    const absl::Duration interval =
        absl::Nanoseconds(TimeUtil::DurationToNanoseconds(request.interval()));
    if (interval < kShortestInterval || interval > kLongestInterval) {
      return errors::IntervalInvalid();
    }
    interval_ = absl::Ceil(interval, kResolution);
  }
  top_ = request.top_protocols() == 0 ? kDefaultTop : request.top_protocols();
  ASSIGN_OR_RETURN(statistics_, pool->Get(context(), request.name()));
  statistics_->Add(this);
  OnChange();
  return absl::OkStatus();
}

void WatchStatisticsCall::OnCounts(absl::Time time,
                                   const v1::CaptureCounts& counts) {
  if (intervals_.has_value()) intervals_->Add(time, counts);
}

void WatchStatisticsCall::OnChange() {
  if (statistics_->is_up_to_date()) BeginIntervals();
  Advance();
}

void WatchStatisticsCall::BeginIntervals() {
  if (intervals_.has_value()) return;
  // Intervals don't begin before packets that are already counted.
  const absl::Time begin =
      absl::UnixEpoch() +
      absl::Ceil(absl::Now() - absl::UnixEpoch(), kResolution);
  intervals_.emplace(begin, interval_, statistics_->counts());
}

bool WatchStatisticsCall::IsComplete(absl::Time now) const {
  const absl::Time end = intervals_->end();
  return now >= end + std::max(interval_, kShortestDelay) &&
         (statistics_->is_waiting() ||
          statistics_->latest() >= end + kReordering);
}

void WatchStatisticsCall::AwaitInterval(absl::Time now) {
  const absl::Duration delay =
      intervals_->end() + std::max(interval_, kShortestDelay) - now;
  // If the delay is over, the next counts or changes are awaited.
  if (delay <= absl::ZeroDuration()) return;
  timer_.Start(absl::ToChronoNanoseconds(delay),
               [self = Shared(this)] { self->Advance(); });
}

void WatchStatisticsCall::DoNext() {
  if (is_writing()) return;
  const std::optional<absl::Status>& end = statistics_->end();
  if (end.has_value() && (!end->ok() || last_written_)) {
    return FinishWith(*end);
  }
  const absl::Time now = absl::Now();
  if (end.has_value()) return WriteRest(now);
  if (!intervals_.has_value()) return;
  intervals_->Limit(now);
  if (IsComplete(now)) return WriteInterval(intervals_->Take());
  AwaitInterval(now);
}

void WatchStatisticsCall::WriteRest(absl::Time now) {
  BeginIntervals();
  intervals_->Limit(now);
  if (intervals_->end() <= now) return WriteInterval(intervals_->Take());
  last_written_ = true;
  v1::WatchCaptureStatisticsResponse rest = intervals_->TakeRest(now);
  rest.mutable_counts()->set_dropped(statistics_->dropped());
  rest.mutable_totals()->set_dropped(statistics_->dropped());
  WriteInterval(std::move(rest));
}

void WatchStatisticsCall::WriteInterval(
    v1::WatchCaptureStatisticsResponse response) {
  KeepTopProtocols(top_, response.mutable_counts());
  KeepTopProtocols(top_, response.mutable_totals());
  Write(response);
}

void WatchStatisticsCall::OnFinish() {
  timer_.Stop();
  if (statistics_ != nullptr) statistics_->Remove(this);
  // The last watcher that goes ends the worker.
  statistics_.reset();
}

}  // namespace dissectd::server
