// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/statistics_lines.h"

#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {
namespace {

// Many times the length of any line.
constexpr size_t kMaxLineBytes = 4096;

absl::Status MalformedLine(absl::string_view line) {
  return errors::DumpcapProtocolError(
      absl::StrCat("the line \"", MakeValidUtf8(line), "\""));
}

absl::StatusOr<InterfaceCount> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
  InterfaceCount count;
  if (fields.size() != 3 || fields[0].empty() ||
      !absl::SimpleAtoi(fields[1], &count.packets)) {
    return MalformedLine(line);
  }
  count.name = std::string(fields[0]);
  return count;
}

}  // namespace

absl::StatusOr<std::vector<InterfaceCount>> StatisticsLines::Take(
    absl::string_view bytes) {
  std::vector<InterfaceCount> counts;
  absl::StrAppend(&line_, bytes);
  absl::string_view rest = line_;
  for (size_t end; (end = rest.find('\n')) != absl::string_view::npos;
       rest.remove_prefix(end + 1)) {
    ASSIGN_OR_RETURN(InterfaceCount count, ParseLine(rest.substr(0, end)));
    counts.push_back(std::move(count));
  }
  if (rest.size() > kMaxLineBytes) return MalformedLine(rest);
  line_.erase(0, line_.size() - rest.size());
  return counts;
}

}  // namespace dissectd::server
