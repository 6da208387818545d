// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/http_report.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/message_counts.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

// A request or a response that a tap reports.
struct HttpMessage {
  const char* method;
  uint32_t code;
};

// What differs between HTTP and RTSP.
struct HttpKind {
  const char* tap;
  const char* title;
  const value_string* codes;
  HttpMessage (*read)(const void* data);
  // What follows the count of a method.
  const char* line_end;
};

HttpMessage ReadHttp(const void* data) {
  const auto* info = static_cast<const http_info_value_t*>(data);
  return {info->request_method, info->response_code};
}

HttpMessage ReadRtsp(const void* data) {
  const auto* info = static_cast<const rtsp_info_value_t*>(data);
  return {info->request_method, info->response_code};
}

class HttpReport final : public Report {
 public:
  HttpReport(const HttpKind& kind, std::string filter)
      : kind_(kind),
        filter_(std::move(filter)),
        responses_(kind.codes, kMaxHundred) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  static constexpr uint32_t kMaxHundred = 5;

  void Count(const HttpMessage& message);
  std::string Text() const;
  ReportTables Tables() const;

  const HttpKind kind_;
  const std::string filter_;
  ResponseCounts responses_;
  RequestCounts requests_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status HttpReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = kind_.tap;
  options.filter = filter_;
  ASSIGN_OR_RETURN(
      tap_,
      RegisterReportTap(absl::StrCat(kind_.tap, ",stat tap"), options,
                        [this](packet_info*, epan_dissect_t*,
                               const void* data) { Count(kind_.read(data)); }));
  return absl::OkStatus();
}

void HttpReport::Count(const HttpMessage& message) {
  if (message.code != 0) {
    responses_.Add(message.code);
  } else if (message.method != nullptr) {
    requests_.Add(message.method);
  }
}

absl::Status HttpReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

std::string HttpReport::Text() const {
  const std::string line(67, '=');
  std::string text = absl::StrCat(
      "\n", line, "\n", kind_.title, " Statistics",
      filter_.empty() ? "" : absl::StrCat(" with filter ", filter_), "\n* ",
      kind_.title, " Response Status Codes                Packets\n");
  for (const ResponseCounts::Response* response : responses_.Counted()) {
    absl::StrAppendFormat(&text, "  %3d %-35s %9u\n", response->code,
                          response->name, response->packets);
  }
  absl::StrAppend(&text, "* ", kind_.title,
                  " Request Methods                      Packets\n");
  for (const RequestCounts::Request* request : requests_.Counted()) {
    absl::StrAppendFormat(&text, "  %-39s %9u%s\n", request->method,
                          request->packets, kind_.line_end);
  }
  absl::StrAppend(&text, line, "\n");
  return text;
}

ReportTables HttpReport::Tables() const {
  ReportTable responses{"Responses", {"Code", "Name", "Packets"}, {}};
  for (const ResponseCounts::Response* response : responses_.Counted()) {
    responses.rows.push_back({static_cast<uint64_t>(response->code),
                              response->name, uint64_t{response->packets}});
  }
  ReportTable requests{"Requests", {"Method", "Packets"}, {}};
  for (const RequestCounts::Request* request : requests_.Counted()) {
    requests.rows.push_back({request->method, uint64_t{request->packets}});
  }
  return {absl::StrCat(kind_.title, " Statistics"),
          filter_,
          {std::move(responses), std::move(requests)}};
}

ReportType HttpReportType(const HttpKind& kind) {
  const std::string name = absl::StrCat(kind.tap, ",stat");
  return {name, "[,filter]", schema::TableKind::kTables,
          [kind, name](const std::string& argument) {
            return std::make_unique<HttpReport>(
                kind, FilterOfReport(name, argument).value_or(""));
          }};
}

}  // namespace

std::vector<ReportType> HttpReports() {
  return {
      HttpReportType({"http", "HTTP", vals_http_status_code, ReadHttp, " "}),
      HttpReportType({"rtsp", "RTSP", rtsp_status_code_vals, ReadRtsp, ""})};
}

}  // namespace dissectd::engine
