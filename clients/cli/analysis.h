// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ANALYSIS_H_
#define CLIENTS_CLI_ANALYSIS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/analysis_options.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/info_additions.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/analysis.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Answers what is asked about a capture as a whole. Reports are made before any
// frame is printed, so that a wrong one is refused first, and printed after
// them, as tshark does.
//
// Thread-compatible.
class Analysis {
 public:
  // `options` and `print` are not owned and outlive this.
  Analysis(const std::shared_ptr<grpc::Channel>& channel,
           const AnalysisOptions& options, const PrintOptions& print);
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  // Makes the reports, if there are any, and keeps their texts.
  grpc::Status MakeReports(const v1::AnalysisSource& source);

  // Makes the reports of a capture without packets with these options: fails
  // as they would.
  grpc::Status CheckReports(const v1::DissectionOptions& dissection);

  // Returns what the reports add to frames that are printed; null if no report
  // adds anything.
  const InfoAdditions* info_additions() const {
    return adds_to_info_ ? &info_additions_ : nullptr;
  }

  // Prints notices and the error that ended reading, for a caller that dissects
  // no frames, which has them as well. Returns the exit code.
  ExitCode PrintEnd() const;

  // Prints the reports, then writes objects and keys. Prints errors.
  ExitCode Finish(const v1::AnalysisSource& source);

  // Prints why reports could not be made. Returns the exit code.
  ExitCode Refuse(const grpc::Status& status) const;

 private:
  grpc::Status RunStatistics(const v1::RunStatisticsRequest& request);
  void Take(const v1::ReportResult& result);
  void KeepResult(const v1::ReportResult& part);
  absl::Status PrintReports() const;

  const std::shared_ptr<grpc::Channel> channel_;
  const AnalysisOptions& options_;
  const PrintOptions& print_;
  // Whether a report adds to frames that are printed.
  const bool adds_to_info_;
  InfoAdditions info_additions_;
  // The texts of the reports, by their places in the options.
  std::vector<std::string> texts_;
  // The reports themselves, if they are drawn.
  std::vector<v1::ReportResult> results_;
  // What tshark prints while it reads.
  std::string early_text_;
  v1::AnalysisEnd end_;
};

// Adds a report, given by the argument of `-z`, to those of a request.
void AddReport(const std::string& argument,
               google::protobuf::RepeatedPtrField<v1::Report>* reports);

// Returns a status's exit code, also for errors about reports. With
// `as_tshark`, it is tshark's, which isn't always one of our own.
ExitCode ExitCodeOfAnalysis(const std::shared_ptr<grpc::Channel>& channel,
                            const grpc::Status& status, bool as_tshark);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ANALYSIS_H_
