// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/number_options.h"

#include <cmath>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
constexpr int64_t kNanosPerSecond = 1'000'000'000;

// Returns the error for a value: "The specified WHAT ...".
template <typename... Parts>
absl::Status Wrong(absl::string_view what, const Parts&... parts) {
  return absl::InvalidArgumentError(
      absl::StrCat("The specified ", what, parts...));
}

}  // namespace

absl::StatusOr<uint32_t> ParseNatural(absl::string_view what,
                                      absl::string_view text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    return Wrong(what, " \"", text, "\" isn't a decimal number");
  }
  if (number < 0) return Wrong(what, " \"", text, "\" is a negative number");
  if (number > kMax) {
    return Wrong(what, " \"", text, "\" is too large (greater than ", kMax,
                 ")");
  }
  return static_cast<uint32_t>(number);
}

absl::StatusOr<uint32_t> ParsePositive(absl::string_view what,
                                       absl::string_view text) {
  const absl::StatusOr<uint32_t> number = ParseNatural(what, text);
  if (number.ok() && *number == 0) return Wrong(what, " is zero");
  return number;
}

absl::StatusOr<google::protobuf::Duration> ParseSeconds(
    absl::string_view what, absl::string_view text) {
  double seconds = 0;
  if (!absl::SimpleAtod(text, &seconds) || !std::isfinite(seconds)) {
    return Wrong(what, " \"", text, "\" isn't a floating point number");
  }
  if (seconds < 0) return Wrong(what, " \"", text, "\" is a negative number");
  if (seconds > static_cast<double>(kMax)) {
    return Wrong(what, " \"", text, "\" is too large (greater than ", kMax,
                 ")");
  }
  const int64_t nanos = std::llround(seconds * kNanosPerSecond);
  if (nanos == 0) return Wrong(what, " is zero");
  google::protobuf::Duration duration;
  duration.set_seconds(nanos / kNanosPerSecond);
  duration.set_nanos(static_cast<int32_t>(nanos % kNanosPerSecond));
  return duration;
}

}  // namespace dissectd::cli
