// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/edit_values.h"

#include <cstddef>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/number_options.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

// More can't be in a request.
constexpr size_t kMaxFrames = 20'000;
constexpr size_t kNanoDigits = 9;

absl::Status NotATime(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text,
                   "\" isn't a number of seconds with at most nine decimals, "
                   "such as -0.5."));
}

// Returns the nanoseconds of a fraction without its point; -1 if it isn't one.
int32_t ParseFraction(absl::string_view digits) {
  if (digits.empty() || digits.size() > kNanoDigits) return -1;
  int32_t nanos = 0;
  for (size_t i = 0; i < kNanoDigits; ++i) {
    const char digit = i < digits.size() ? digits[i] : '0';
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit))) return -1;
    nanos = nanos * 10 + (digit - '0');
  }
  return nanos;
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> ParseFrames(absl::string_view text) {
  std::vector<uint32_t> frames;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::pair<absl::string_view, absl::string_view> ends =
        absl::StrSplit(part, absl::MaxSplits('-', 1));
    const bool is_range = part.size() > ends.first.size();
    if (ends.first.empty() || (is_range && ends.second.empty())) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", text,
          "\" isn't a list of frames: numbers and ranges, such as 3,7-9."));
    }
    ASSIGN_OR_RETURN(const uint32_t first,
                     ParsePositive("frame number", ends.first));
    uint32_t last = first;
    if (is_range) {
      ASSIGN_OR_RETURN(last, ParsePositive("frame number", ends.second));
    }
    if (last < first) {
      return absl::InvalidArgumentError(
          absl::StrCat("The frames \"", part, "\" end before they begin."));
    }
    if (last - first >= kMaxFrames - frames.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", text, "\" has more than ", kMaxFrames, " frames."));
    }
    for (uint32_t frame = first; frame <= last; ++frame) {
      frames.push_back(frame);
    }
  }
  return frames;
}

std::string FramesText(const std::vector<uint32_t>& frames) {
  std::string text;
  for (size_t first = 0; first < frames.size();) {
    size_t last = first;
    while (last + 1 < frames.size() && frames[last + 1] == frames[last] + 1) {
      ++last;
    }
    absl::StrAppend(&text, text.empty() ? "" : ",", frames[first]);
    if (last > first) absl::StrAppend(&text, "-", frames[last]);
    first = last + 1;
  }
  return text;
}

absl::StatusOr<std::pair<uint32_t, std::string>> ParseFrameComment(
    absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  if (parts.first.size() == text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" isn't the number of a frame and its comment, such as "
                     "\"3:lost here\"."));
  }
  ASSIGN_OR_RETURN(const uint32_t frame,
                   ParsePositive("frame number", parts.first));
  return std::make_pair(frame, std::string(parts.second));
}

absl::StatusOr<v1::TimeValue> ParseShift(absl::string_view text) {
  absl::string_view digits = text;
  const bool negative = absl::ConsumePrefix(&digits, "-");
  if (!negative) absl::ConsumePrefix(&digits, "+");
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(digits, absl::MaxSplits('.', 1));
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (digits.size() > parts.first.size()) nanos = ParseFraction(parts.second);
  const bool is_number =
      !parts.first.empty() &&
      absl::ascii_isdigit(static_cast<unsigned char>(parts.first.front())) &&
      absl::SimpleAtoi(parts.first, &seconds);
  if (!is_number || nanos < 0) return NotATime(text);
  v1::TimeValue shift;
  shift.set_seconds(negative ? -seconds : seconds);
  shift.set_nanos(negative ? -nanos : nanos);
  return shift;
}

std::string ShiftText(const v1::TimeValue& shift) {
  const bool negative = shift.seconds() < 0 || shift.nanos() < 0;
  return absl::StrFormat("%s%d.%09d", negative ? "-" : "",
                         std::abs(shift.seconds()), std::abs(shift.nanos()));
}

}  // namespace dissectd::cli
