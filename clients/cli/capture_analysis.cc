// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_analysis.h"

#include "clients/cli/analysis.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_files.h"
#include "clients/cli/error_text.h"
#include "clients/cli/info_additions.h"

namespace dissectd::cli {

bool AddsToInfo(const CaptureCommandOptions& options) {
  return InfoAdditions::AreAmong(options.analysis.reports);
}

ExitCode CheckCaptureAnalysis(const std::shared_ptr<grpc::Channel>& channel,
                              const CaptureCommandOptions& options) {
  if (AddsToInfo(options) && !options.print.print) {
    PrintError(kNoInfoColumn);
    return kExitBadOption;
  }
  if (AddsToInfo(options) && options.reset_after != 0) {
    PrintError("-z proto,colinfo can't be combined with -M.");
    return kExitBadOption;
  }
  PrintOptions print = options.print;
  const ExitCode code = AttachFiles(channel, print.missing_keys(),
                                    &print.dissection, &print.attached);
  if (code != kExitOk) return code;
  Analysis analysis(channel, options.analysis, print);
  const grpc::Status status = analysis.CheckReports(print.dissection);
  return status.ok() ? kExitOk : analysis.Refuse(status);
}

ExitCode AnalyzeCapture(const std::shared_ptr<grpc::Channel>& channel,
                        const CaptureCommandOptions& options,
                        const std::string& capture) {
  PrintOptions print = options.print;
  ExitCode code = AttachFiles(channel, print.missing_keys(), &print.dissection,
                              &print.attached);
  if (code != kExitOk) return code;
  v1::AnalysisSource source;
  *source.mutable_options() = print.dissection;
  grpc::Status status = ForEachCaptureFile(
      channel, capture,
      [&](const v1::CaptureFile& file) { source.set_file(file.file()); });
  if (!status.ok()) return ReportStatus(status);
  // A capture that failed has no file.
  if (!source.has_file()) return kExitOk;
  print.capture_name = source.file();
  Analysis analysis(channel, options.analysis, print);
  status = analysis.MakeReports(source);
  return status.ok() ? analysis.Finish(source) : analysis.Refuse(status);
}

}  // namespace dissectd::cli
