// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/camel_report.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "camel,srt";
constexpr size_t kCategories = NB_CAMELSRT_CATEGORY;
constexpr double kMillisPerSecond = 1000;

// The second table has, for these shares of all times, the time that at most
// that share is shorter than.
constexpr std::array<size_t, 7> kPerMille = {50, 100, 750, 900, 950, 990, 999};

// The times between two kinds of operations.
struct Category {
  timestat_t times;
  std::vector<double> millis;
};

std::string CategoryName(size_t index) {
  const WmemCharPtr name(val_to_str_wmem(nullptr, static_cast<guint32>(index),
                                         camelSRTtype_naming,
                                         "Unknown Message 0x%02x"));
  return name.get();
}

double Percent(size_t per_mille) { return static_cast<double>(per_mille) / 10; }

double TimeAtShare(const std::vector<double>& sorted, size_t per_mille) {
  if (sorted.empty()) return 0;
  return sorted[sorted.size() * per_mille / 1000];
}

class CamelReport final : public Report {
 public:
  explicit CamelReport(std::string filter) : filter_(std::move(filter)) {
    for (Category& category : categories_) time_stat_init(&category.times);
  }

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const camelsrt_info_t& message, packet_info* packet);
  std::string Text() const;
  ReportTables Tables() const;

  const std::string filter_;
  ReportSink* sink_ = nullptr;
  // The first one is unused.
  std::array<Category, kCategories> categories_ = {};
  std::unique_ptr<TapListener> tap_;
};

absl::Status CamelReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "CAMEL";
  options.filter = filter_;
  ASSIGN_OR_RETURN(
      tap_, RegisterReportTap(
                "camel,srt tap", options,
                [this](packet_info* packet, epan_dissect_t*, const void* data) {
                  Add(*static_cast<const camelsrt_info_t*>(data), packet);
                }));
  // Without this the dissector doesn't look for the requests of responses.
  gcamel_StatSRT = TRUE;
  return absl::OkStatus();
}

void CamelReport::Add(const camelsrt_info_t& message, packet_info* packet) {
  for (size_t i = CAMELSRT_SESSION; i < kCategories; ++i) {
    const camelsrt_msginfo_t& info = message.msginfo[i];
    if (message.bool_msginfo[i] == 0 || info.is_delta_time == FALSE ||
        info.request_available == FALSE || info.is_duplicate != FALSE) {
      continue;
    }
    time_stat_update(&categories_[i].times, &info.delta_time, packet);
    categories_[i].millis.push_back(nstime_to_msec(&info.delta_time));
  }
}

absl::Status CamelReport::Finish() {
  for (Category& category : categories_) {
    std::sort(category.millis.begin(), category.millis.end());
  }
  return SendTables(Tables(), Text(), sink_);
}

// A session takes seconds, all others milliseconds.
std::string SummaryText(size_t index, const timestat_t& times) {
  const bool is_session = index == CAMELSRT_SESSION;
  const double divisor = is_session ? kMillisPerSecond : 1;
  const char* const unit = is_session ? " s |" : " ms|";
  return absl::StrFormat("|%24s |%8u |%8.2f%s%8.2f%s%8.2f%s%10u |%10u |\n",
                         CategoryName(index), times.num,
                         nstime_to_msec(&times.min) / divisor, unit,
                         nstime_to_msec(&times.max) / divisor, unit,
                         get_average(&times.tot, times.num) / divisor, unit,
                         times.min_num, times.max_num);
}

std::string CamelReport::Text() const {
  const std::string line = std::string(97, '=') + "\n";
  std::string text = absl::StrCat(
      "\nCamel Service Response Time (SRT) Statistics:\n", line,
      "|        Category         | Measure |  Min SRT  |  Max SRT  |  Avg SRT  "
      "| Min frame | Max frame |\n",
      "|-------------------------|---------|-----------|-----------|-----------"
      "|-----------|-----------|\n");
  for (size_t i = CAMELSRT_SESSION; i < kCategories; ++i) {
    text += SummaryText(i, categories_[i].times);
  }
  absl::StrAppend(&text, line, "|   Category/Criteria     |");
  for (const size_t share : kPerMille) {
    absl::StrAppendFormat(&text, "%7.2f%% |", Percent(share));
  }
  text += "\n|-------------------------|";
  for (size_t i = 0; i < kPerMille.size(); ++i) text += "---------|";
  text += "\n";
  for (size_t i = CAMELSRT_SESSION + 1; i < kCategories; ++i) {
    absl::StrAppendFormat(&text, "X%24s |", CategoryName(i));
    for (const size_t share : kPerMille) {
      absl::StrAppendFormat(&text, "%8.2f |",
                            TimeAtShare(categories_[i].millis, share));
    }
    text += "\n";
  }
  return text + line;
}

ReportTables CamelReport::Tables() const {
  ReportTable table{"",
                    {"Category", "Measurements", "Minimum", "Maximum", "Sum",
                     "Frame of minimum", "Frame of maximum"},
                    {}};
  for (const size_t share : kPerMille) {
    table.columns.push_back(absl::StrCat(Percent(share), " % (ms)"));
  }
  for (size_t i = CAMELSRT_SESSION; i < kCategories; ++i) {
    const timestat_t& times = categories_[i].times;
    std::vector<ReportCell> row = {CategoryName(i),
                                   uint64_t{times.num},
                                   times.min,
                                   times.max,
                                   times.tot,
                                   uint64_t{times.min_num},
                                   uint64_t{times.max_num}};
    for (const size_t share : kPerMille) {
      row.emplace_back(TimeAtShare(categories_[i].millis, share));
    }
    table.rows.push_back(std::move(row));
  }
  return {"CAMEL", filter_, {std::move(table)}};
}

}  // namespace

std::vector<ReportType> CamelReports() {
  return {{kName, "[,filter]", schema::TableKind::kTables,
           [](const std::string& argument)
               -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<CamelReport>(
                 FilterOfReport(kName, argument).value_or(""));
           }}};
}

}  // namespace dissectd::engine
