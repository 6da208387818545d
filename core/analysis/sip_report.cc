// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sip_report.h"

#include <algorithm>
#include <memory>
#include <optional>
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

constexpr char kName[] = "sip,stat";

// How long calls took to be set up, in milliseconds.
class SetupTimes {
 public:
  // Zero is no time.
  void Add(uint32_t time) {
    if (time == 0) return;
    minimum_ = calls_ == 0 ? time : std::min(minimum_, time);
    maximum_ = std::max(maximum_, time);
    total_ += time;
    ++calls_;
  }

  uint32_t minimum() const { return minimum_; }
  uint32_t maximum() const { return maximum_; }
  uint64_t average() const { return calls_ == 0 ? 0 : total_ / calls_; }

 private:
  uint32_t calls_ = 0;
  uint64_t total_ = 0;
  uint32_t minimum_ = 0;
  uint32_t maximum_ = 0;
};

class SipReport final : public Report {
 public:
  explicit SipReport(std::optional<std::string> filter)
      : filter_(std::move(filter)),
        responses_(sip_response_code_vals, kMaxHundred) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  static constexpr uint32_t kMaxHundred = 6;

  void Count(const sip_info_value_t& message);
  std::string Text() const;
  ReportTables Tables() const;

  const std::optional<std::string> filter_;
  uint32_t packets_ = 0;
  uint32_t resent_ = 0;
  ResponseCounts responses_;
  RequestCounts requests_;
  SetupTimes setup_times_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status SipReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "sip";
  options.filter = filter_.value_or("");
  ASSIGN_OR_RETURN(tap_,
                   RegisterReportTap(
                       "sip,stat tap", options,
                       [this](packet_info*, epan_dissect_t*, const void* data) {
                         Count(*static_cast<const sip_info_value_t*>(data));
                       }));
  return absl::OkStatus();
}

void SipReport::Count(const sip_info_value_t& message) {
  ++packets_;
  if (message.resend != FALSE) ++resent_;
  setup_times_.Add(message.setup_time);
  if (message.request_method == nullptr) {
    responses_.Add(message.response_code);
  } else {
    requests_.Add(reinterpret_cast<const char*>(message.request_method));
  }
}

absl::Status SipReport::Finish() { return SendTables(Tables(), Text(), sink_); }

std::string SipReport::Text() const {
  const std::string line(67, '=');
  std::string text = absl::StrCat(
      "\n", line, "\nSIP Statistics",
      filter_.has_value() ? absl::StrCat(" with filter ", *filter_) : "",
      "\n\nNumber of SIP messages: ", packets_,
      "\nNumber of resent SIP messages: ", resent_,
      "\n\n* SIP Status Codes in reply packets\n");
  for (const ResponseCounts::Response* response : responses_.Counted()) {
    absl::StrAppendFormat(&text, "  SIP %3d %-15s : %5u Packets\n",
                          response->code, response->name, response->packets);
  }
  absl::StrAppend(&text, "\n* List of SIP Request methods\n");
  for (const RequestCounts::Request* request : requests_.Counted()) {
    absl::StrAppendFormat(&text, "  %-15s : %5u Packets\n", request->method,
                          request->packets);
  }
  absl::StrAppend(&text, "\n* Average setup time ", setup_times_.average(),
                  " ms\n Min ", setup_times_.minimum(), " ms\n Max ",
                  setup_times_.maximum(), " ms\n", line, "\n");
  return text;
}

ReportTables SipReport::Tables() const {
  ReportTable messages{
      "Messages",
      {"Packets", "Resent", "Average setup (ms)", "Min setup (ms)",
       "Max setup (ms)"},
      {{uint64_t{packets_}, uint64_t{resent_}, setup_times_.average(),
        uint64_t{setup_times_.minimum()}, uint64_t{setup_times_.maximum()}}}};
  ReportTable responses{"Responses", {"Code", "Name", "Packets"}, {}};
  for (const ResponseCounts::Response* response : responses_.Counted()) {
    responses.rows.push_back({static_cast<uint64_t>(response->code),
                              response->name, uint64_t{response->packets}});
  }
  ReportTable requests{"Requests", {"Method", "Packets"}, {}};
  for (const RequestCounts::Request* request : requests_.Counted()) {
    requests.rows.push_back({request->method, uint64_t{request->packets}});
  }
  return {"SIP Statistics",
          filter_.value_or(""),
          {std::move(messages), std::move(responses), std::move(requests)}};
}

}  // namespace

ReportType SipReportType() {
  return {kName, "[,filter]", schema::TableKind::kTables,
          [](const std::string& argument) {
            return std::make_unique<SipReport>(FilterOfReport(kName, argument));
          }};
}

}  // namespace dissectd::engine
