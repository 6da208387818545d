// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/watch_statistics_call.h"

#include <utility>

#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "server/capture/capture_errors.h"
#include "server/capture/top_protocols.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/timestamp.h"

namespace dissectd {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::milliseconds;

constexpr milliseconds kDefaultInterval(1000);
constexpr milliseconds kShortestInterval(100);
constexpr std::chrono::hours kLongestInterval(1);
constexpr size_t kDefaultTop = 10;

}  // namespace

WatchStatisticsCall* WatchStatisticsCall::Create(
    IoLoop* loop, CaptureStatisticsPool* pool, CallGate::Pass pass,
    const v1::WatchCaptureStatisticsRequest& request) {
  // Not make_shared: the constructor is private.
  const std::shared_ptr<WatchStatisticsCall> call(
      new WatchStatisticsCall(loop, std::move(pass)));
  call->self_ = call;
  loop->Post([call, pool, request] {
    const absl::Status status = call->Start(pool, request);
    if (!status.ok()) call->FinishWith(status);
  });
  return call.get();
}

absl::Status WatchStatisticsCall::Start(
    CaptureStatisticsPool* pool,
    const v1::WatchCaptureStatisticsRequest& request) {
  if (!pass_.valid()) return errors::ServerStopping();
  interval_ = kDefaultInterval;
  if (request.has_interval()) {
    interval_ =
        milliseconds(TimeUtil::DurationToMilliseconds(request.interval()));
    if (interval_ < kShortestInterval || interval_ > kLongestInterval) {
      return errors::IntervalInvalid();
    }
  }
  top_ = request.top_protocols() == 0 ? kDefaultTop : request.top_protocols();
  ASSIGN_OR_RETURN(statistics_, pool->Get(request.name()));
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
  timer_.async_wait([self = shared_from_this()](asio::error_code error) {
    if (error) return;
    self->interval_over_ = true;
    self->Advance();
  });
}

void WatchStatisticsCall::OnWriteDone(bool ok) {
  loop_->Post([self = shared_from_this(), ok] {
    self->writing_ = false;
    self->cancelled_ |= !ok;
    self->Advance();
  });
}

void WatchStatisticsCall::OnCancel() {
  loop_->Post([self = shared_from_this()] {
    self->cancelled_ = true;
    self->Advance();
  });
}

void WatchStatisticsCall::Advance() {
  if (writing_ || finished_) return;
  if (cancelled_) return FinishWith(absl::CancelledError("cancelled"));
  if (statistics_ == nullptr) return;
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
  *response_.mutable_time() = TimestampNow();
  *response_.mutable_interval() = TimeUtil::NanosecondsToDuration(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - begin_)
          .count());
  *response_.mutable_counts() = std::move(counts);
  *response_.mutable_totals() = std::move(totals);
  begin_ = now;
  interval_over_ = false;
  if (!last_written_) AwaitInterval();
  writing_ = true;
  StartWrite(&response_);
}

void WatchStatisticsCall::FinishWith(const absl::Status& status) {
  finished_ = true;
  // First, as it may be the statistics' own.
  grpc::Status result = ToGrpcStatus(status);
  timer_.cancel();
  if (statistics_ != nullptr) statistics_->Unsubscribe(subscription_);
  // The last one ends the session.
  statistics_.reset();
  Finish(std::move(result));
}

void WatchStatisticsCall::OnDone() {
  pass_ = CallGate::Pass();
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd
