// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RUN_STATISTICS_H_
#define CORE_ANALYSIS_RUN_STATISTICS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"
#include "core/query/query.h"

namespace dissectd::engine {

// The reports of a request. They listen to taps from Begin on.
class RequestedReports {
 public:
  // Takes a serialised dissectd.v1.ReportResult.
  using SendResult = std::function<absl::Status(absl::string_view result)>;

  // `arguments` are those of `tshark -z`. Some reports send parts while frames
  // are dissected. The sink of `environment` isn't used. Errors:
  // REPORT_COUNT_INVALID, and those of FindReportType and Report::Begin.
  static absl::StatusOr<RequestedReports> Begin(
      const std::vector<std::string>& arguments, bool text,
      const ReportEnvironment& environment, const SendResult& send);

  RequestedReports(RequestedReports&& other) noexcept;
  RequestedReports& operator=(RequestedReports&& other) noexcept;
  ~RequestedReports();

  // What reports have to tell besides their texts.
  const std::vector<std::string>& notices() const { return *notices_; }

  // Sends all reports, once, after the last frame.
  absl::Status Finish() const;

 private:
  class Requested;

  RequestedReports();

  // Reports have the address.
  std::unique_ptr<std::vector<std::string>> notices_ =
      std::make_unique<std::vector<std::string>>();
  std::vector<std::unique_ptr<Requested>> reports_;
};

// Returns the argument of a serialised dissectd.v1.Report.
std::string ReportArgument(absl::string_view report);

// Answers AnalysisService.RunStatistics. Changes the state of the process,
// which can't answer another query.
absl::Status RunStatistics(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// Answers AnalysisService.ListReports.
absl::Status ListReports(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RUN_STATISTICS_H_
