// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/watch_statistics_call.h"

#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "server/base/timestamp.h"
#include "server/capture_statistics/top_protocols.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::milliseconds;

constexpr milliseconds kDefaultInterval(1000);
constexpr milliseconds kShortestInterval(100);
constexpr std::chrono::hours kLongestInterval(1);
constexpr size_t kDefaultTop = 10;

}  // namespace

WatchStatisticsCall* WatchStatisticsCall::Create(
    IoLoop* loop, CaptureStatisticsPool* pool,
    std::unique_ptr<CallContext> context,
    const v1::WatchCaptureStatisticsRequest& request) {
  // Not make_shared: the constructor is private.
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
    interval_ =
        milliseconds(TimeUtil::DurationToMilliseconds(request.interval()));
    if (interval_ < kShortestInterval || interval_ > kLongestInterval) {
      return errors::IntervalInvalid();
    }
  }
  top_ = request.top_protocols() == 0 ? kDefaultTop : request.top_protocols();
  ASSIGN_OR_RETURN(statistics_, pool->Get(context(), request.name()));
  subscription_ = statistics_->Subscribe([this] {
    BeginIntervals();
    Advance();
  });
  BeginIntervals();
  Advance();
  return absl::OkStatus();
}

void WatchStatisticsCall::BeginIntervals() {
  if (counting_ || !statistics_->is_up_to_date()) return;
  counting_ = true;
  begin_ = Clock::now();
  before_ = statistics_->counts();
  AwaitInterval();
}

void WatchStatisticsCall::AwaitInterval() {
  timer_.expires_at(begin_ + interval_);
  timer_.async_wait([self = Shared(this)](asio::error_code error) {
    if (error) return;
    self->interval_over_ = true;
    self->Advance();
  });
}

void WatchStatisticsCall::DoNext() {
  if (is_writing()) return;
  const absl::optional<absl::Status>& end = statistics_->end();
  if (end.has_value() && (!end->ok() || last_written_)) {
    return FinishWith(*end);
  }
  // What is left of the capture when it ends is an interval too.
  if (interval_over_ || end.has_value()) {
    last_written_ = end.has_value();
    WriteInterval();
  }
}

void WatchStatisticsCall::WriteInterval() {
  const Clock::time_point now = Clock::now();
  v1::CaptureCounts totals = statistics_->counts();
  if (!counting_) {
    // It ended before an interval began.
    begin_ = now;
    before_ = totals;
  }
  v1::CaptureCounts counts = CountsSince(before_, totals);
  before_ = totals;
  KeepTopProtocols(top_, &counts);
  KeepTopProtocols(top_, &totals);
  v1::WatchCaptureStatisticsResponse response;
  *response.mutable_time() = TimestampNow();
  *response.mutable_interval() = TimeUtil::NanosecondsToDuration(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - begin_)
          .count());
  *response.mutable_counts() = std::move(counts);
  *response.mutable_totals() = std::move(totals);
  begin_ = now;
  interval_over_ = false;
  if (!last_written_) AwaitInterval();
  Write(response);
}

void WatchStatisticsCall::OnFinish() {
  timer_.cancel();
  if (statistics_ != nullptr) statistics_->Unsubscribe(subscription_);
  // The last one ends the worker.
  statistics_.reset();
}

}  // namespace dissectd::server
