// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/run_statistics.h"

#include <cstdint>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analysis/analysis_run.h"
#include "core/analysis/follower.h"
#include "core/analysis/object_list.h"
#include "core/analysis/report.h"
#include "core/analysis/report_list.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr size_t kMaxReports = 64;

struct StatisticsRequest {
  std::string source;
  std::vector<std::string> reports;
  bool text = false;
  std::string display_filter;
  bool full_trees = false;
};

absl::StatusOr<StatisticsRequest> ParseStatisticsRequest(
    absl::string_view bytes) {
  StatisticsRequest request;
  TextOrBytes display_filter;
  RETURN_IF_ERROR(ReadRequestFields<schema::RunStatisticsRequest>(
      "RunStatisticsRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::RunStatisticsRequest::kSource:
            request.source = message->get_bytes();
            break;
          case schema::RunStatisticsRequest::kReports:
            request.reports.push_back(ReportArgument(message->get_bytes()));
            break;
          case schema::RunStatisticsRequest::kText:
            request.text = GetBool(message);
            break;
          case schema::RunStatisticsRequest::kDisplayFilter:
            display_filter.ReadText(message);
            break;
          case schema::RunStatisticsRequest::kRawDisplayFilter:
            display_filter.ReadBytes(message);
            break;
          case schema::RunStatisticsRequest::kFullTrees:
            request.full_trees = GetBool(message);
            break;
          default:
            message->skip();
        }
      }));
  request.display_filter = display_filter.value();
  return request;
}

// Sends the parts of one report.
class ResultSink final : public ReportSink {
 public:
  // `notices` is not owned and outlives this.
  ResultSink(uint32_t index, bool wants_text, RequestedReports::SendResult send,
             std::vector<std::string>* notices)
      : index_(index),
        wants_text_(wants_text),
        send_(std::move(send)),
        notices_(notices) {}

  absl::Status Send(absl::string_view table, absl::string_view text) override {
    return SendPart(table, text, /*while_reading=*/false);
  }
  absl::Status SendWhileReading(absl::string_view text) override {
    if (!wants_text_) return absl::OkStatus();
    return SendPart("", text, /*while_reading=*/true);
  }
  void AddNotice(absl::string_view notice) override {
    notices_->emplace_back(notice);
  }
  bool wants_text() const override { return wants_text_; }

  void set_table(schema::TableKind kind) { kind_ = kind; }

 private:
  // Returns the member of ReportResult.table for the kind of table.
  schema::ReportResult Member() const;
  absl::Status SendPart(absl::string_view table, absl::string_view text,
                        bool while_reading);

  const uint32_t index_;
  const bool wants_text_;
  const RequestedReports::SendResult send_;
  std::vector<std::string>* const notices_;
  schema::TableKind kind_ = schema::TableKind::kUnspecified;
};

schema::ReportResult ResultSink::Member() const {
  switch (kind_) {
    case schema::TableKind::kConversations:
      return schema::ReportResult::kConversations;
    case schema::TableKind::kEndpoints:
      return schema::ReportResult::kEndpoints;
    case schema::TableKind::kProtocolHierarchy:
      return schema::ReportResult::kProtocolHierarchy;
    case schema::TableKind::kIo:
      return schema::ReportResult::kIo;
    case schema::TableKind::kExpert:
      return schema::ReportResult::kExpert;
    case schema::TableKind::kStatsTree:
      return schema::ReportResult::kStatsTree;
    case schema::TableKind::kResponseTimes:
      return schema::ReportResult::kResponseTimes;
    case schema::TableKind::kSequence:
      return schema::ReportResult::kSequence;
    case schema::TableKind::kTcpGraph:
      return schema::ReportResult::kTcpGraph;
    case schema::TableKind::kVoipCalls:
      return schema::ReportResult::kVoipCalls;
    case schema::TableKind::kTables:
    case schema::TableKind::kUnspecified:
      break;
  }
  return schema::ReportResult::kTables;
}

absl::Status ResultSink::SendPart(absl::string_view table,
                                  absl::string_view text, bool while_reading) {
  std::string bytes;
  {
    protozero::pbf_builder<schema::ReportResult> result(bytes);
    result.add_uint32(schema::ReportResult::kReportIndex, index_);
    if (wants_text_ && !text.empty()) {
      result.add_bytes(schema::ReportResult::kText, text.data(), text.size());
    }
    if (while_reading) {
      result.add_bool(schema::ReportResult::kWhileReading, true);
    } else if (kind_ != schema::TableKind::kUnspecified) {
      result.add_message(Member(), table.data(), table.size());
    }
  }
  return send_(bytes);
}

template <typename Kind>
std::string Response(Kind kind, absl::string_view message) {
  std::string response;
  protozero::pbf_builder<Kind>(response).add_message(kind, message.data(),
                                                     message.size());
  return response;
}

}  // namespace

// A report of the request, and where it goes.
class RequestedReports::Requested {
 public:
  // `notices` is not owned and outlives this.
  Requested(uint32_t index, bool text, SendResult send,
            std::vector<std::string>* notices)
      : sink_(index, text, std::move(send), notices) {}

  absl::Status Begin(const std::string& argument,
                     ReportEnvironment environment) {
    ASSIGN_OR_RETURN(const ReportType* type, FindReportType(argument));
    sink_.set_table(type->table);
    ASSIGN_OR_RETURN(report_, type->make(argument));
    environment.sink = &sink_;
    return report_->Begin(environment);
  }

  absl::Status Finish() { return report_->Finish(); }

 private:
  ResultSink sink_;
  std::unique_ptr<Report> report_;
};

RequestedReports::RequestedReports() = default;
RequestedReports::RequestedReports(RequestedReports&&) noexcept = default;
RequestedReports& RequestedReports::operator=(RequestedReports&&) noexcept =
    default;
RequestedReports::~RequestedReports() = default;

absl::StatusOr<RequestedReports> RequestedReports::Begin(
    const std::vector<std::string>& arguments, bool text,
    const ReportEnvironment& environment, const SendResult& send) {
  if (arguments.empty() || arguments.size() > kMaxReports) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("A request has 1 to ", kMaxReports,
                                  " reports, not ", arguments.size(), "."),
                     {"REPORT_COUNT_INVALID", {}, {}});
  }
  RequestedReports reports;
  for (const std::string& argument : arguments) {
    reports.reports_.push_back(std::make_unique<Requested>(
        static_cast<uint32_t>(reports.reports_.size()), text, send,
        reports.notices_.get()));
    RETURN_IF_ERROR(reports.reports_.back()->Begin(argument, environment));
  }
  return reports;
}

absl::Status RequestedReports::Finish() const {
  for (const std::unique_ptr<Requested>& report : reports_) {
    RETURN_IF_ERROR(report->Finish());
  }
  return absl::OkStatus();
}

std::string ReportArgument(absl::string_view report) {
  TextOrBytes argument;
  protozero::pbf_message<schema::Report> message(report.data(), report.size());
  while (message.next()) {
    switch (message.tag()) {
      case schema::Report::kArgument:
        argument.ReadText(&message);
        break;
      case schema::Report::kRawArgument:
        argument.ReadBytes(&message);
        break;
      default:
        message.skip();
    }
  }
  return argument.value();
}

absl::Status RunStatistics(const QueryContext& context,
                           absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(const StatisticsRequest parsed,
                   ParseStatisticsRequest(request));
  // Like tshark, refuses unknown reports before it opens the capture, and wrong
  // arguments after that.
  for (const std::string& report : parsed.reports) {
    RETURN_IF_ERROR(FindReportType(report).status());
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, parsed.source));
  ReportEnvironment environment;
  environment.capture_name = run->capture_name();
  environment.elapsed = &run->elapsed();
  ASSIGN_OR_RETURN(const RequestedReports reports,
                   RequestedReports::Begin(
                       parsed.reports, parsed.text, environment,
                       [send](absl::string_view result) {
                         return send(Response(
                             schema::RunStatisticsResponse::kResult, result));
                       }));
  run->SetPrinting(parsed.display_filter, parsed.full_trees);
  run->AddNotices(reports.notices());
  RETURN_IF_ERROR(run->Run([send](absl::string_view progress) {
    return send(Response(schema::RunStatisticsResponse::kProgress, progress));
  }));
  RETURN_IF_ERROR(reports.Finish());
  return send(Response(schema::RunStatisticsResponse::kEnd, run->EndMessage()));
}

absl::Status ListReports(const QueryContext&, absl::string_view,
                         SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListReportsResponse> out(response);
  for (const ReportType& type : ReportTypes()) {
    protozero::pbf_builder<schema::ReportType> entry(
        out, schema::ListReportsResponse::kReports);
    entry.add_string(schema::ReportType::kName, type.name);
    entry.add_string(schema::ReportType::kUsage, type.usage);
    entry.add_enum(schema::ReportType::kTable,
                   static_cast<int32_t>(type.table));
  }
  for (const Follower& follower : Followers()) {
    out.add_string(schema::ListReportsResponse::kFollowers, follower.name);
  }
  for (const std::string& type : ObjectTypes()) {
    out.add_string(schema::ListReportsResponse::kObjectTypes, type);
  }
  return send(response);
}

}  // namespace dissectd::engine
