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
};

std::string ReadReport(protozero::data_view bytes) {
  TextOrBytes argument;
  protozero::pbf_message<schema::Report> message(bytes);
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

absl::StatusOr<StatisticsRequest> ParseStatisticsRequest(
    absl::string_view bytes) {
  StatisticsRequest request;
  RETURN_IF_ERROR(ReadRequestFields<schema::RunStatisticsRequest>(
      "RunStatisticsRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::RunStatisticsRequest::kSource:
            request.source = message->get_bytes();
            break;
          case schema::RunStatisticsRequest::kReports:
            request.reports.push_back(ReadReport(message->get_view()));
            break;
          case schema::RunStatisticsRequest::kText:
            request.text = GetBool(message);
            break;
          default:
            message->skip();
        }
      }));
  if (!request.reports.empty() && request.reports.size() <= kMaxReports) {
    return request;
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("A request has 1 to ", kMaxReports,
                                " reports, not ", request.reports.size(), "."),
                   {"REPORT_COUNT_INVALID", {}, {}});
}

// Sends the parts of one report.
class ResultSink final : public ReportSink {
 public:
  // `run` and `send` outlive this.
  ResultSink(uint32_t index, bool wants_text, AnalysisRun* run,
             const SendResponse& send)
      : index_(index), wants_text_(wants_text), run_(run), send_(send) {}

  absl::Status Send(absl::string_view table, absl::string_view text) override {
    return SendPart(table, text, /*while_reading=*/false);
  }
  absl::Status SendWhileReading(absl::string_view text) override {
    if (!wants_text_) return absl::OkStatus();
    return SendPart("", text, /*while_reading=*/true);
  }
  void AddNotice(absl::string_view notice) override { run_->AddNotice(notice); }
  bool wants_text() const override { return wants_text_; }

  void set_table(schema::TableKind kind) { kind_ = kind; }

 private:
  // Returns the member of ReportResult.table for the kind of table.
  schema::ReportResult Member() const;
  absl::Status SendPart(absl::string_view table, absl::string_view text,
                        bool while_reading);

  const uint32_t index_;
  const bool wants_text_;
  AnalysisRun* const run_;
  const SendResponse& send_;
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
  std::string response;
  {
    protozero::pbf_builder<schema::RunStatisticsResponse> out(response);
    protozero::pbf_builder<schema::ReportResult> result(
        out, schema::RunStatisticsResponse::kResult);
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
  return send_(response);
}

// A report of the request, and where it goes.
struct Requested {
  std::unique_ptr<ResultSink> sink;
  std::unique_ptr<Report> report;
};

absl::StatusOr<Requested> Begin(const std::string& argument, uint32_t index,
                                const StatisticsRequest& request,
                                AnalysisRun* run, const SendResponse& send) {
  Requested requested;
  requested.sink = std::make_unique<ResultSink>(index, request.text, run, send);
  ASSIGN_OR_RETURN(const ReportType* type, FindReportType(argument));
  requested.sink->set_table(type->table);
  ASSIGN_OR_RETURN(requested.report, type->make(argument));
  RETURN_IF_ERROR(
      requested.report->Begin({run->capture_name(), requested.sink.get()}));
  return requested;
}

template <typename Kind>
std::string Response(Kind kind, absl::string_view message) {
  std::string response;
  protozero::pbf_builder<Kind>(response).add_message(kind, message.data(),
                                                     message.size());
  return response;
}

}  // namespace

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
  std::vector<Requested> reports;
  for (size_t i = 0; i < parsed.reports.size(); ++i) {
    ASSIGN_OR_RETURN(Requested requested,
                     Begin(parsed.reports[i], static_cast<uint32_t>(i), parsed,
                           run.get(), send));
    reports.push_back(std::move(requested));
  }
  RETURN_IF_ERROR(run->Run([send](absl::string_view progress) {
    return send(Response(schema::RunStatisticsResponse::kProgress, progress));
  }));
  for (const Requested& requested : reports) {
    RETURN_IF_ERROR(requested.report->Finish());
  }
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
