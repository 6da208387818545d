// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_WATCH_STATISTICS_H_
#define CORE_ANALYSIS_WATCH_STATISTICS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/analysis/run_statistics.h"
#include "core/dissection/live_dissection.h"
#include "core/dissection/live_source.h"
#include "core/ipc/worker_channel.h"
#include "core/query/query.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Makes reports about a capture while it runs. This process reads the capture
// in one pass, and its forks finish the reports of what it has read, which a
// process can do only once.
class StatisticsWatch : private LiveDissection::Owner {
 public:
  // Handles a message that isn't about the capture: may fork.
  using HandleFn =
      std::function<absl::Status(const WorkerChannel::Message& message)>;

  // Applies the settings of a serialised WatchStatisticsRequest, and registers
  // its reports. `context` is not owned and outlives this. Errors: those of
  // ApplySettings and RequestedReports.
  static absl::StatusOr<std::unique_ptr<StatisticsWatch>> Create(
      const QueryContext& context, absl::string_view request);

  // Answers ipc::Query::kWatchStatistics. `live` is used until this returns.
  // Errors: those of files, of the source, and of messages.
  absl::Status Run(LiveSource* live, HandleFn handle);

  // Sends the responses of a round, in a fork. Errors: those of reports.
  absl::Status Finish(SendResponse send);

 private:
  class Sink;

  explicit StatisticsWatch(const QueryContext& context) : context_(context) {}

  absl::Status Prepare(absl::string_view request);
  // Takes a result of a report.
  absl::Status Take(absl::string_view result);

  absl::Status OnMessage(const WorkerChannel::Message& message) override;
  absl::Status OnStreamEnd(const LiveStream&) override;
  absl::Status OnSlowStream(const LiveStream&) override;

  const QueryContext& context_;
  DissectRequest settings_;
  std::optional<RequestedReports> reports_;
  std::optional<LiveDissection> dissection_;
  HandleFn handle_;
  // What reports have sent while frames were dissected, as responses.
  std::vector<std::string> sent_;
  // Where they send the rest; null until Finish.
  const SendResponse* send_ = nullptr;
  uint32_t frames_ = 0;
  // The number of frames of the last fork.
  uint32_t frames_of_last_round_ = 0;
  // The end of the stream, once the capture is over.
  std::optional<std::string> end_;
};

// Answers ipc::Query::kFinishStatistics.
absl::Status FinishStatistics(const QueryContext& context,
                              absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_WATCH_STATISTICS_H_
