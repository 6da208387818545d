// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/analysis.h"

#include <cstdio>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interruption.h"
#include "clients/cli/object_export.h"
#include "clients/cli/output_file.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/report_drawing.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/tls_key_export.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// A pcap file of Ethernet frames without any.
constexpr absl::string_view kEmptyCapture(
    "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00",
    24);

// The key of the exit status of tshark in an error's metadata.
constexpr char kExitStatusKey[] = "exit_status";
constexpr char kReportUnknownReason[] = "REPORT_UNKNOWN";
constexpr char kFilterInvalidReason[] = "DISPLAY_FILTER_INVALID";

}  // namespace

void AddReport(const std::string& argument,
               google::protobuf::RepeatedPtrField<v1::Report>* reports) {
  v1::Report* const added = reports->Add();
  AssignText(argument, added->mutable_argument(),
             added->mutable_raw_argument());
}

ExitCode ExitCodeOfAnalysis(const std::shared_ptr<grpc::Channel>& channel,
                            const grpc::Status& status, bool as_tshark) {
  constexpr int kMaxExitStatus = 255;
  const v1::Failure failure = FailureOf(status);
  const auto text = failure.metadata().find(kExitStatusKey);
  int code = 0;
  if (text == failure.metadata().end() ||
      !absl::SimpleAtoi(text->second, &code) || code < kExitOk ||
      code > kMaxExitStatus) {
    return CaptureExitCodeOf(channel, status);
  }
  // tshark goes on after some errors.
  return as_tshark || code == kExitOk ? static_cast<ExitCode>(code)
                                      : CaptureExitCodeOf(channel, status);
}

Analysis::Analysis(const std::shared_ptr<grpc::Channel>& channel,
                   const AnalysisOptions& options, const PrintOptions& print)
    : channel_(channel),
      options_(options),
      print_(print),
      adds_to_info_(InfoAdditions::AreAmong(options.reports)) {}

grpc::Status Analysis::MakeReports(const v1::AnalysisSource& source) {
  if (options_.reports.empty()) return grpc::Status::OK;
  v1::RunStatisticsRequest request;
  *request.mutable_source() = source;
  request.set_text(true);
  for (const std::string& report : options_.reports) {
    AddReport(report, request.mutable_reports());
  }
  request.set_full_trees(print_.details);
  AssignText(print_.display_filter, request.mutable_display_filter(),
             request.mutable_raw_display_filter());
  const grpc::Status status = RunStatistics(request);
  if (print_.display_filter.empty() ||
      FailureOf(status).reason() != kFilterInvalidReason) {
    return status;
  }
  // Whoever prints frames says what is wrong with the display filter.
  request.clear_display_filter();
  request.clear_raw_display_filter();
  return RunStatistics(request);
}

grpc::Status Analysis::CheckReports(const v1::DissectionOptions& dissection) {
  v1::AnalysisSource source;
  source.set_inline_capture(std::string(kEmptyCapture));
  *source.mutable_options() = dissection;
  return MakeReports(source);
}

grpc::Status Analysis::RunStatistics(const v1::RunStatisticsRequest& request) {
  texts_.assign(options_.reports.size(), std::string());
  results_.assign(options_.reports.size(), v1::ReportResult());
  early_text_.clear();
  info_additions_.Clear();
  end_.Clear();
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  ProgressBar progress;
  const auto reader =
      v1::AnalysisService::NewStub(channel_)->RunStatistics(&context, request);
  v1::RunStatisticsResponse response;
  while (reader->Read(&response)) {
    if (response.has_result()) Take(response.result());
    if (response.has_end()) end_ = response.end();
    if (response.has_progress()) {
      progress.Update("Reading", response.progress().bytes_read(),
                      response.progress().bytes_total());
    }
  }
  return reader->Finish();
}

void Analysis::Take(const v1::ReportResult& result) {
  if (result.while_reading()) {
    early_text_ += result.text();
  } else if (result.report_index() < texts_.size()) {
    texts_[result.report_index()] += result.text();
    if (options_.plot.enabled) KeepResult(result);
    if (InfoAdditions::IsReport(options_.reports[result.report_index()])) {
      info_additions_.Add(result.tables());
    }
  }
}

void Analysis::KeepResult(const v1::ReportResult& part) {
  v1::ReportResult& result = results_[part.report_index()];
  const bool is_first = !result.has_io();
  result.MergeFrom(part);
  // Each part has the columns.
  if (is_first || !part.has_io()) return;
  google::protobuf::RepeatedPtrField<v1::IoColumn>* const columns =
      result.mutable_io()->mutable_columns();
  columns->DeleteSubrange(columns->size() - part.io().columns_size(),
                          part.io().columns_size());
}

absl::Status Analysis::PrintReports() const {
  OutputFile output;
  if (options_.plot.enabled) {
    for (size_t i = 0; i < results_.size(); ++i) {
      ASSIGN_OR_RETURN(
          const std::string drawing,
          DrawReport(results_[i], options_.reports[i], options_.plot));
      output.buffer()->Append(drawing);
    }
    return output.Flush();
  }
  output.buffer()->Append(early_text_);
  // tshark, too, begins with the last one.
  for (auto text = texts_.rbegin(); text != texts_.rend(); ++text) {
    output.buffer()->Append(*text);
    RETURN_IF_ERROR(output.FlushIfLarge());
  }
  return output.Flush();
}

ExitCode Analysis::PrintEnd() const {
  for (const std::string& notice : end_.notices()) {
    PrintError(print_.attached.WithPaths(notice));
  }
  if (end_.read_error().reason().empty()) return kExitOk;
  PrintError(WithGivenName(end_.read_error().message(), print_.capture_name));
  return kExitBadInput;
}

ExitCode Analysis::Finish(const v1::AnalysisSource& source) {
  if (const absl::Status status = PrintReports(); !status.ok()) {
    if (!absl::IsAborted(status)) PrintError(status.message());
    if (absl::IsNotFound(status)) return kExitBadInput;
    return print_.as_tshark ? kExitBadInput : kExitOutput;
  }
  ExitCode code = kExitOk;
  for (const std::string& given : options_.object_exports) {
    code = ExportObjects(channel_, given, source, print_);
    if (code != kExitOk) return code;
  }
  // tshark uses only the last one.
  if (!options_.tls_key_files.empty()) {
    code =
        ExportTlsKeys(channel_, options_.tls_key_files.back(), source, print_);
  }
  return code;
}

ExitCode Analysis::Refuse(const grpc::Status& status) const {
  std::string text = FileErrorText(status, print_.capture_name);
  if (FailureOf(status).reason() == kReportUnknownReason) {
    text += "\n\"dissectctl reports\" lists them.";
  }
  const ExitCode code = ExitCodeOfAnalysis(channel_, status, print_.as_tshark);
  if (code == kExitOk) {
    // tshark itself goes on after these messages, and doesn't prefix them.
    std::fprintf(stderr, "%s\n", Printable(text, LineBreaks::kKeep).c_str());
  } else {
    PrintError(text);
  }
  return code;
}

}  // namespace dissectd::cli
