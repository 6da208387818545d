// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/echo_report.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

constexpr char kCountTitles[] = "Requests  Replies   Lost      % Loss\n";
constexpr char kTimeTitles[] =
    "Minimum   Maximum   Mean      Median    SDeviation     Min Frame Max "
    "Frame\n";
// Here tshark ends the last line without blanks.
constexpr char kNothingText[] =
    "Requests  Replies   Lost      % Loss\n"
    "0         0         0           0.0%\n\n"
    "Minimum   Maximum   Mean      Median    SDeviation     Min Frame Max "
    "Frame\n"
    "0.000     0.000     0.000     0.000     0.000          0         0\n";

struct Protocol {
  const char* tap;
  const char* title;
};

std::string NameOf(const Protocol& protocol) {
  return absl::StrCat(protocol.tap, ",srt");
}

// The times of all replies in milliseconds.
struct ReplyTimes {
  double minimum = 0;
  double maximum = 0;
  double mean = 0;
  double median = 0;
  double deviation = 0;
};

ReplyTimes Evaluate(std::vector<double> times) {
  ReplyTimes result;
  if (times.empty()) return result;
  std::sort(times.begin(), times.end());
  const size_t size = times.size();
  const size_t middle = size / 2;
  result.minimum = times.front();
  result.maximum = times.back();
  result.mean = std::accumulate(times.begin(), times.end(), 0.0) /
                static_cast<double>(size);
  result.median =
      size % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  if (size == 1) return result;
  double squares = 0;
  for (const double time : times) {
    squares += (time - result.mean) * (time - result.mean);
  }
  result.deviation = std::sqrt(squares / static_cast<double>(size - 1));
  return result;
}

class EchoReport final : public Report {
 public:
  EchoReport(Protocol protocol, std::optional<std::string> filter)
      : protocol_(protocol), filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(guint32 frame, const icmp_transaction_t& transaction);
  std::string Text(const ReplyTimes& times) const;
  std::string NumbersText(const ReplyTimes& times) const;
  ReportTables Tables(const ReplyTimes& times) const;

  const Protocol protocol_;
  const std::optional<std::string> filter_;
  ReportSink* sink_ = nullptr;
  guint32 requests_ = 0;
  // Requests whose reply wasn't known when they were dissected.
  guint32 pending_ = 0;
  std::vector<double> times_;
  double minimum_ = 0;
  double maximum_ = 0;
  guint32 minimum_frame_ = 0;
  guint32 maximum_frame_ = 0;
  std::unique_ptr<TapListener> tap_;
};

absl::Status EchoReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = protocol_.tap;
  options.filter = filter_.value_or("");
  ASSIGN_OR_RETURN(
      tap_, RegisterReportTap(
                absl::StrCat(NameOf(protocol_), " tap"), options,
                [this](packet_info* packet, epan_dissect_t*, const void* data) {
                  Add(packet->num,
                      *static_cast<const icmp_transaction_t*>(data));
                }));
  return absl::OkStatus();
}

void EchoReport::Add(guint32 frame, const icmp_transaction_t& transaction) {
  if (frame == transaction.rqst_frame) {
    ++requests_;
    if (transaction.resp_frame == 0) ++pending_;
    return;
  }
  const double time = nstime_to_msec(&transaction.resp_time);
  if (times_.empty() || time < minimum_) {
    minimum_ = time;
    minimum_frame_ = transaction.resp_frame;
  }
  if (times_.empty() || time > maximum_) {
    maximum_ = time;
    maximum_frame_ = transaction.resp_frame;
  }
  times_.push_back(time);
}

absl::Status EchoReport::Finish() {
  const ReplyTimes times = Evaluate(times_);
  return SendTables(Tables(times), Text(times), sink_);
}

std::string EchoReport::Text(const ReplyTimes& times) const {
  const std::string line(74, '=');
  std::string text = absl::StrCat(
      "\n", line, "\n", protocol_.title,
      " Service Response Time (SRT) Statistics (all times in ms):\nFilter: ",
      filter_.value_or("<none>"), "\n\n");
  // In the second of two passes all replies are known before, which tshark
  // takes for no requests at all.
  absl::StrAppend(&text, pending_ == 0 ? kNothingText : NumbersText(times));
  return absl::StrCat(text, line, "\n");
}

std::string EchoReport::NumbersText(const ReplyTimes& times) const {
  const auto replies = static_cast<guint32>(times_.size());
  // As in tshark, more replies than requests make a huge loss.
  const guint32 lost = requests_ - replies;
  std::string text =
      absl::StrFormat("%s%-10u%-10u%-10u%5.1f%%\n\n%s", kCountTitles, requests_,
                      replies, lost, 100.0 * lost / requests_, kTimeTitles);
  absl::StrAppendFormat(&text,
                        "%-10.3f%-10.3f%-10.3f%-10.3f%-10.3f     %-10u%-10u\n",
                        times.minimum, times.maximum, times.mean, times.median,
                        times.deviation, minimum_frame_, maximum_frame_);
  return text;
}

ReportTables EchoReport::Tables(const ReplyTimes& times) const {
  ReportTable table{
      "",
      {"Requests", "Replies", "Minimum (ms)", "Maximum (ms)", "Mean (ms)",
       "Median (ms)", "Standard deviation (ms)", "Frame of minimum",
       "Frame of maximum"},
      {{uint64_t{requests_}, uint64_t{times_.size()}, times.minimum,
        times.maximum, times.mean, times.median, times.deviation,
        uint64_t{minimum_frame_}, uint64_t{maximum_frame_}}}};
  return {protocol_.title, filter_.value_or(""), {std::move(table)}};
}

}  // namespace

std::vector<ReportType> EchoReports() {
  std::vector<ReportType> types;
  for (const Protocol protocol :
       {Protocol{"icmp", "ICMP"}, Protocol{"icmpv6", "ICMPv6"}}) {
    const std::string name = NameOf(protocol);
    types.push_back({name, "[,filter]", schema::TableKind::kTables,
                     [protocol, name](const std::string& argument)
                         -> absl::StatusOr<std::unique_ptr<Report>> {
                       return std::make_unique<EchoReport>(
                           protocol, FilterOfReport(name, argument));
                     }});
  }
  return types;
}

}  // namespace dissectd::engine
