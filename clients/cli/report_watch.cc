// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/report_watch.h"

#include <google/protobuf/util/time_util.h>

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/analysis.h"
#include "clients/cli/capture_name.h"
#include "clients/cli/error_text.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/output_file.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// The texts of a round, by the places of their reports in the options.
class RoundTexts {
 public:
  explicit RoundTexts(size_t reports) : texts_(reports) {}

  void Take(const v1::ReportResult& result) {
    if (result.report_index() < texts_.size()) {
      texts_[result.report_index()] += result.text();
    }
  }

  // Prints the round, and forgets it.
  absl::Status Print(const v1::StatisticsRound& round, OutputFile* output) {
    output->buffer()->Append(
        absl::StrCat("--- ", round.frames_read(), " frames ---\n"));
    // tshark, too, begins with the last one.
    for (auto text = texts_.rbegin(); text != texts_.rend(); ++text) {
      output->buffer()->Append(*text);
      text->clear();
    }
    return output->Flush();
  }

 private:
  std::vector<std::string> texts_;
};

v1::WatchStatisticsRequest MakeRequest(const ReportWatchOptions& options,
                                       const PrintOptions& print) {
  v1::WatchStatisticsRequest request;
  for (const std::string& report : options.reports) {
    AddReport(report, request.mutable_reports());
  }
  *request.mutable_interval() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(
          std::lround(options.interval * 1000));
  *request.mutable_options() = print.dissection;
  request.set_text(true);
  return request;
}

grpc::Status PrintRounds(const std::shared_ptr<grpc::Channel>& channel,
                         const v1::WatchStatisticsRequest& request,
                         absl::Status* printed) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  OutputFile output;
  RoundTexts texts(static_cast<size_t>(request.reports_size()));
  const auto reader =
      v1::AnalysisService::NewStub(channel)->WatchStatistics(&context, request);
  v1::WatchStatisticsResponse response;
  while (printed->ok() && reader->Read(&response)) {
    if (response.has_result()) texts.Take(response.result());
    if (response.has_round()) *printed = texts.Print(response.round(), &output);
  }
  if (!printed->ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  return printed->ok() ? status : grpc::Status::OK;
}

}  // namespace

ExitCode WatchReports(const std::shared_ptr<grpc::Channel>& channel,
                      const ReportWatchOptions& options) {
  const InterruptHandler handler(Interrupt);
  PrintOptions print = options.print;
  const absl::Status attached =
      print.attached.AttachTo(channel, print.missing_keys(), &print.dissection);
  if (!attached.ok()) {
    PrintError(attached.message());
    return kExitBadOption;
  }
  v1::WatchStatisticsRequest request = MakeRequest(options, print);
  absl::Status printed;
  const grpc::Status status =
      CallOnCapture(channel, options.capture, ShortNames::kFind,
                    [&](const std::string& resource) {
                      request.set_capture(resource);
                      return PrintRounds(channel, request, &printed);
                    });
  if (!printed.ok()) {
    if (!absl::IsAborted(printed)) PrintError(printed.message());
    return kExitOutput;
  }
  // Interrupting is the usual way to stop watching.
  if (status.ok() || WasInterrupted()) return kExitOk;
  ReportStatus(status);
  return ExitCodeOfAnalysis(channel, status, /*as_tshark=*/false);
}

}  // namespace dissectd::cli
