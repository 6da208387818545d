// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/live_info.h"

#include <utility>

#include "clients/cli/analysis.h"

namespace dissectd::cli {
namespace {

// The shortest interval that the daemon allows.
constexpr int32_t kIntervalNanos = 100'000'000;

v1::WatchStatisticsRequest MakeRequest(const std::string& capture,
                                       const std::vector<std::string>& reports,
                                       const PrintOptions& print) {
  v1::WatchStatisticsRequest request;
  request.set_capture(capture);
  request.mutable_interval()->set_nanos(kIntervalNanos);
  *request.mutable_options() = print.dissection;
  // Others find the fields of their filters, too.
  for (const std::string& report : reports) {
    AddReport(report, request.mutable_reports());
  }
  if (!print.display_filter.empty()) {
    AddReport(InfoAdditions::ReportThatFindsFields(print.display_filter),
              request.mutable_reports());
  }
  return request;
}

// Whether the result is that of a report that adds to frames.
bool IsAddition(const v1::ReportResult& result,
                const v1::WatchStatisticsRequest& request) {
  const auto index = static_cast<int>(result.report_index());
  if (index < 0 || index >= request.reports_size()) return false;
  const v1::Report& report = request.reports(index);
  return InfoAdditions::IsReport(report.raw_argument().empty()
                                     ? report.argument()
                                     : report.raw_argument());
}

}  // namespace

LiveInfo::LiveInfo(const std::shared_ptr<grpc::Channel>& channel,
                   const std::string& capture,
                   const std::vector<std::string>& reports,
                   const PrintOptions& print)
    : stub_(v1::AnalysisService::NewStub(channel)) {
  watcher_ =
      std::thread([this, request = MakeRequest(capture, reports, print)] {
        Watch(request);
      });
}

LiveInfo::~LiveInfo() {
  context_.TryCancel();
  if (watcher_.joinable()) watcher_.join();
}

void LiveInfo::Watch(const v1::WatchStatisticsRequest& request) {
  const auto reader = stub_->WatchStatistics(&context_, request);
  InfoAdditions additions;
  v1::WatchStatisticsResponse response;
  while (reader->Read(&response)) {
    if (response.has_result() && IsAddition(response.result(), request)) {
      additions.Add(response.result().tables());
    }
    if (!response.has_round()) continue;
    // Each round has all additions.
    const absl::MutexLock lock(&mutex_);
    additions_ = std::exchange(additions, InfoAdditions());
    frames_ = response.round().frames_read();
  }
  status_ = reader->Finish();
  const absl::MutexLock lock(&mutex_);
  ended_ = true;
}

std::string LiveInfo::Of(uint32_t frame) const {
  const auto is_known = [this, frame]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ended_ || frames_ >= frame;
  };
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&is_known));
  return additions_.Of(frame);
}

grpc::Status LiveInfo::Finish() {
  watcher_.join();
  return status_;
}

}  // namespace dissectd::cli
