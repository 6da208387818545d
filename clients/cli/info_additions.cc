// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/info_additions.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli {

bool InfoAdditions::IsReport(absl::string_view argument) {
  return absl::StartsWith(argument, "proto,colinfo");
}

bool InfoAdditions::AreAmong(const std::vector<std::string>& reports) {
  return std::any_of(reports.begin(), reports.end(), IsReport);
}

std::string InfoAdditions::ReportThatFindsFields(absl::string_view filter) {
  return absl::StrCat("icmp,srt,", filter);
}

void InfoAdditions::Add(const v1::ValueTables& tables) {
  for (const v1::ValueTable& table : tables.tables()) {
    for (const v1::ValueRow& row : table.rows()) {
      if (row.cells_size() < 2) continue;
      const auto frame = static_cast<uint32_t>(row.cells(0).unsigned_value());
      by_frame_[frame].insert(0, row.cells(1).string_value());
    }
  }
}

std::string InfoAdditions::Of(uint32_t frame) const {
  const auto found = by_frame_.find(frame);
  return found == by_frame_.end() ? std::string() : found->second;
}

}  // namespace dissectd::cli
