// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/analysis/watch_reports_call.h"

#include <google/protobuf/util/time_util.h>

#include <string>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/ipc/query.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::nanoseconds kDefaultInterval = std::chrono::seconds(1);
constexpr std::chrono::nanoseconds kShortestInterval =
    std::chrono::milliseconds(100);
constexpr std::chrono::nanoseconds kLongestInterval = std::chrono::hours(24);

absl::StatusOr<std::chrono::nanoseconds> IntervalOf(
    const v1::WatchStatisticsRequest& request) {
  if (!request.has_interval()) return kDefaultInterval;
  const std::chrono::nanoseconds interval(
      google::protobuf::util::TimeUtil::DurationToNanoseconds(
          request.interval()));
  if (interval >= kShortestInterval && interval <= kLongestInterval) {
    return interval;
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "The interval must be from 100 ms to a day.",
                   {"INTERVAL_INVALID", {}, {}});
}

}  // namespace

WatchReportsCall* WatchReportsCall::Create(
    const Deps& deps, std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<WatchReportsCall>(
      new WatchReportsCall(deps, std::move(context))));
}

void WatchReportsCall::Start(const v1::WatchStatisticsRequest& request) {
  loop()->Post([self = Shared(this), request] {
    // The client may have gone before the call began.
    const absl::Status begun =
        self->is_cancelled() ? absl::OkStatus() : self->Begin(request);
    if (!begun.ok()) self->EndWith(begun);
    self->Advance();
  });
}

absl::Status WatchReportsCall::Begin(
    const v1::WatchStatisticsRequest& request) {
  request_ = request;
  ASSIGN_OR_RETURN(interval_, IntervalOf(request));
  ASSIGN_OR_RETURN(EngineSupervisor* const engine,
                   deps_.engines->Choose(ChosenEngine(
                       context()->info(), request.options().engine())));
  engine_ = engine;
  ASSIGN_OR_RETURN(permit_, context()->TakeWorkerPermit());
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                   deps_.live.captures->Find(request.capture()));
  use_ = CaptureUse(std::move(capture));
  ASSIGN_OR_RETURN(feed_, LiveFeed::Create(deps_.live, request.capture()));
  // The call closes the feed when it finishes.
  feed_->OpenFirst([this](absl::StatusOr<LiveFeed::File> file) {
    const absl::Status opened =
        file.ok() ? OnFirstFile(*std::move(file)) : file.status();
    if (!opened.ok()) EndWith(opened);
    Advance();
  });
  return absl::OkStatus();
}

absl::Status WatchReportsCall::OnFirstFile(LiveFeed::File file) {
  const std::string payload = file.Payload();
  ASSIGN_OR_RETURN(capture_,
                   QueryWorker::StartLive({loop(), engine_}, std::move(file),
                                          std::move(permit_)));
  Query query;
  query.kind = ipc::Query::kWatchStatistics;
  query.request = request_.SerializeAsString();
  capture_->Ask(std::move(query), &reading_);
  capture_->Feed(feed_, payload);
  StartTimer();
  return absl::OkStatus();
}

void WatchReportsCall::StartTimer() {
  timer_.Start(interval_, [this] {
    due_ = true;
    Advance();
  });
}

bool WatchReportsCall::HasNews() const {
  return !round_position_.has_value() || !feed_->IsWaiting() ||
         feed_->position() != *round_position_;
}

absl::Status WatchReportsCall::StartRound() {
  round_position_.reset();
  if (feed_->IsWaiting()) round_position_ = feed_->position();
  is_last_round_ = capture_over_;
  due_ = false;
  StartTimer();
  ASSIGN_OR_RETURN(
      round_, QueryWorker::StartFork(loop(), capture_, WorkerLimit::Permit()));
  Query query;
  query.kind = ipc::Query::kFinishStatistics;
  round_->Ask(std::move(query), &finishing_);
  return absl::OkStatus();
}

void WatchReportsCall::OnResponse(const grpc::ByteBuffer& response) {
  next_ = response;
  Advance();
}

void WatchReportsCall::OnCaptureEnd(const absl::Status& status) {
  capture_over_ = true;
  if (!status.ok()) EndWith(status);
  Advance();
}

void WatchReportsCall::OnRoundEnd(const absl::Status& status) {
  round_.reset();
  if (!status.ok() || is_last_round_) EndWith(status);
  Advance();
}

void WatchReportsCall::EndWith(const absl::Status& status) {
  if (!status_.has_value()) status_ = status;
}

void WatchReportsCall::DoNext() {
  if (is_writing()) return;
  if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
    if (round_ != nullptr) round_->ReadMore();
    return;
  }
  if (status_.has_value()) return FinishWith(*status_);
  if (round_ != nullptr || capture_ == nullptr) return;
  if (!capture_over_) {
    if (!due_) return;
    if (!HasNews()) {
      due_ = false;
      return StartTimer();
    }
  }
  const absl::Status started = StartRound();
  if (!started.ok()) FinishWith(started);
}

void WatchReportsCall::OnFinish() {
  timer_.Stop();
  if (feed_ != nullptr) feed_->Close();
  round_.reset();
  capture_.reset();
  use_.End();
}

}  // namespace dissectd::server
