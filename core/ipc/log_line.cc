// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/log_line.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "spdlog/spdlog.h"

namespace dissectd::ipc {
namespace {

constexpr spdlog::level::level_enum kLevels[] = {
    spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
    spdlog::level::warn,  spdlog::level::err,   spdlog::level::critical,
};

// The number of digits of the largest process id.
constexpr size_t kMaxDigits = 10;

// More than the longest request id needs, with a trace id.
constexpr size_t kMaxIdBytes = 256;

bool TakeLevel(absl::string_view* rest, spdlog::level::level_enum* level) {
  for (const spdlog::level::level_enum candidate : kLevels) {
    const spdlog::string_view_t name = spdlog::level::to_string_view(candidate);
    if (absl::ConsumePrefix(rest, {name.data(), name.size()})) {
      *level = candidate;
      return true;
    }
  }
  return false;
}

bool TakeNumber(absl::string_view* rest, absl::string_view* number) {
  const auto end =
      std::find_if_not(rest->begin(), rest->end(), absl::ascii_isdigit);
  *number = rest->substr(0, static_cast<size_t>(end - rest->begin()));
  rest->remove_prefix(number->size());
  return !number->empty() && number->size() <= kMaxDigits;
}

bool IsIdCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains(" -._~:/+=@", c);
}

// Takes the ids, if there are any. Returns false if they are malformed.
bool TakeIds(absl::string_view* rest, absl::string_view* ids) {
  if (!absl::ConsumePrefix(rest, " ")) return true;
  const auto end = std::find_if_not(rest->begin(), rest->end(), IsIdCharacter);
  *ids = rest->substr(0, static_cast<size_t>(end - rest->begin()));
  rest->remove_prefix(ids->size());
  return !ids->empty() && ids->size() <= kMaxIdBytes;
}

// The ids that were set last. Only the main thread of a process sets them.
std::string* CurrentIds() {
  static auto* const kIds = new std::string();
  return kIds;
}

}  // namespace

void SetLogIds(absl::string_view ids) {
  *CurrentIds() = std::string(ids);
  spdlog::set_pattern(ids.empty() ? "%l[%P]: %v"
                                  : absl::StrCat("%l[%P ", ids, "]: %v"));
}

std::string LogIds() { return *CurrentIds(); }

LogLine ParseLogLine(absl::string_view line) {
  LogLine parsed = {};
  absl::string_view rest = line;
  if (TakeLevel(&rest, &parsed.level) && absl::ConsumePrefix(&rest, "[") &&
      TakeNumber(&rest, &parsed.process) && TakeIds(&rest, &parsed.ids) &&
      absl::ConsumePrefix(&rest, "]: ")) {
    parsed.message = rest;
    return parsed;
  }
  return {spdlog::level::warn, "", "", line};
}

}  // namespace dissectd::ipc
