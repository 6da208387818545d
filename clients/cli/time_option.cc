// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/time_option.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr size_t kNanosDigits = 9;

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char digit) {
    return absl::ascii_isdigit(static_cast<unsigned char>(digit));
  });
}

// Parses seconds with or without decimals.
bool ParseEpochTime(absl::string_view text, v1::TimeValue* time) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  std::string decimals(kNanosDigits, '0');
  if (point != absl::string_view::npos) {
    const absl::string_view given = text.substr(point + 1);
    if (!IsNumber(given) || given.size() > kNanosDigits) return false;
    std::copy(given.begin(), given.end(), decimals.begin());
  }
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (!IsNumber(whole) || !absl::SimpleAtoi(whole, &seconds) ||
      !absl::SimpleAtoi(decimals, &nanos)) {
    return false;
  }
  time->set_seconds(seconds);
  time->set_nanos(nanos);
  return true;
}

bool ParseDate(absl::string_view text, v1::TimeValue* time) {
  absl::Time parsed;
  std::string error;
  // Others are words, such as `infinite-past`.
  if (text.find('T') == absl::string_view::npos ||
      !absl::ParseTime(absl::RFC3339_full, text, &parsed, &error)) {
    return false;
  }
  // Rounds down, as the nanoseconds of a time before 1970 count forward too.
  const int64_t seconds = absl::ToUnixSeconds(parsed);
  time->set_seconds(seconds);
  time->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(parsed - absl::FromUnixSeconds(seconds))));
  return true;
}

}  // namespace

void AddTimeRangeOptions(CLI::App* command, RawTimeRange* raw) {
  AddValue(command, "--from", &raw->from,
           "Only frames that were captured at this time or later: "
           "2026-01-31T08:00:00.5Z, or seconds since 1970")
      ->type_name("TIME")
      ->group("Processing");
  AddValue(command, "--until", &raw->until,
           "Only frames that were captured before this time")
      ->type_name("TIME")
      ->group("Processing");
}

absl::Status CheckTimeRange(const CLI::App& command, const RawTimeRange& raw,
                            v1::FrameRange* range) {
  if (IsGiven(command, "--from")) {
    ASSIGN_OR_RETURN(*range->mutable_from_time(), ParseTimeStamp(raw.from));
  }
  if (IsGiven(command, "--until")) {
    ASSIGN_OR_RETURN(*range->mutable_until_time(), ParseTimeStamp(raw.until));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::TimeValue> ParseTimeStamp(absl::string_view text) {
  v1::TimeValue time;
  if (ParseEpochTime(text, &time) || ParseDate(text, &time)) return time;
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" isn't a time such as 2026-01-31T08:00:00.5Z, nor a number of seconds "
      "since 1970 with at most nine decimals."));
}

}  // namespace dissectd::cli
