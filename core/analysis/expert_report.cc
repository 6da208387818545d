// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/expert_report.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_parts.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/public_numbers.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "expert";

// A severity, as tshark names it.
struct Level {
  int severity;
  absl::string_view argument;
  absl::string_view heading;
};

// The most serious one first, as tshark prints them.
constexpr std::array<Level, 5> kLevels = {{
    {PI_ERROR, ",error", "Errors"},
    {PI_WARN, ",warn", "Warns"},
    {PI_NOTE, ",note", "Notes"},
    {PI_CHAT, ",chat", "Chats"},
    {PI_COMMENT, ",comment", "Comments"},
}};

// The number of levels that are reported. As in tshark, there is one for all
// reports of a run: the last argument with a level sets it.
size_t reported_levels = kLevels.size();

// Returns the index of a severity in kLevels; their number for others.
size_t LevelOf(int severity) {
  size_t level = 0;
  while (level < kLevels.size() && kLevels[level].severity != severity) ++level;
  return level;
}

// Equal expert information.
struct Group {
  int group;
  std::string protocol;
  std::string summary;
  uint32_t frequency;
  uint32_t first_frame;
};

// The groups of a level, in the order in which they appear.
class LevelGroups {
 public:
  void Add(const expert_info_t& info) {
    const std::string protocol = info.protocol == nullptr ? "" : info.protocol;
    const std::string summary = info.summary == nullptr ? "" : info.summary;
    ++total_;
    const auto [place, is_new] =
        places_.try_emplace({protocol, summary}, groups_.size());
    if (is_new) {
      groups_.push_back({info.group, protocol, summary, 0, info.packet_num});
    }
    ++groups_[place->second].frequency;
  }

  const std::vector<Group>& groups() const { return groups_; }
  uint32_t total() const { return total_; }

 private:
  std::vector<Group> groups_;
  std::map<std::pair<std::string, std::string>, size_t> places_;
  uint32_t total_ = 0;
};

class ExpertReport final : public Report {
 public:
  explicit ExpertReport(std::string filter) : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  const std::string filter_;
  ReportSink* sink_ = nullptr;
  std::array<LevelGroups, kLevels.size()> seen_;
  std::unique_ptr<TapListener> tap_;
};

std::string GroupRow(int severity, const Group& group) {
  std::string row;
  protozero::pbf_builder<schema::ExpertEntry> out(row);
  out.add_enum(schema::ExpertEntry::kSeverity,
               PublicSeverity(static_cast<uint32_t>(severity)));
  out.add_enum(schema::ExpertEntry::kGroup,
               PublicExpertGroup(static_cast<uint32_t>(group.group)));
  out.add_string(schema::ExpertEntry::kProtocol, MakeValidUtf8(group.protocol));
  out.add_string(schema::ExpertEntry::kSummary, MakeValidUtf8(group.summary));
  out.add_uint32(schema::ExpertEntry::kFrequency, group.frequency);
  out.add_uint32(schema::ExpertEntry::kFirstFrame, group.first_frame);
  return row;
}

std::string GroupText(const Group& group) {
  const auto number = static_cast<uint32_t>(group.group);
  return absl::StrFormat("%12u %10s %18s  %s\n", group.frequency,
                         val_to_str_const(number, expert_group_vals, "Unknown"),
                         group.protocol, group.summary);
}

absl::Status ExpertReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = kName;
  options.filter = filter_;
  absl::StatusOr<std::unique_ptr<TapListener>> tap = TapListener::Register(
      options, [this](packet_info*, epan_dissect_t*, const void* data) {
        const auto& info = *static_cast<const expert_info_t*>(data);
        const size_t level = LevelOf(info.severity);
        if (level < reported_levels) seen_[level].Add(info);
      });
  if (!tap.ok()) {
    return ReportFilterError(
        tap.status(), absl::StrCat("Expert tap error (",
                                   FilterProblem(tap.status(), filter_), ")!"));
  }
  tap_ = *std::move(tap);
  return absl::OkStatus();
}

absl::Status ExpertReport::Finish() {
  ReportParts parts(sink_, "");
  for (size_t level = 0; level < kLevels.size(); ++level) {
    const LevelGroups& seen = seen_[level];
    if (seen.total() == 0) continue;
    parts.AddText(absl::StrCat(
        "\n", kLevels[level].heading, " (", seen.total(), ")\n",
        "=============\n   Frequency      Group           Protocol  ",
        "Summary\n"));
    for (const Group& group : seen.groups()) {
      RETURN_IF_ERROR(parts.AddRow(schema::ExpertTable::kEntries,
                                   GroupRow(kLevels[level].severity, group),
                                   GroupText(group)));
    }
  }
  return parts.Finish();
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const std::string& argument) {
  absl::string_view rest(argument);
  rest.remove_prefix(sizeof(kName) - 1);
  for (size_t level = 0; level < kLevels.size(); ++level) {
    const absl::string_view name = kLevels[level].argument;
    if (!absl::StartsWithIgnoreCase(rest, name)) continue;
    reported_levels = level + 1;
    rest.remove_prefix(name.size());
    break;
  }
  const size_t comma = rest.find(',');
  return std::make_unique<ExpertReport>(comma == 0 ? std::string(rest.substr(1))
                                                   : std::string());
}

}  // namespace

std::vector<ReportType> ExpertReports() {
  return {{kName, "[,error|,warn|,note|,chat|,comment][,filter]",
           schema::TableKind::kExpert, MakeReport}};
}

}  // namespace dissectd::engine
