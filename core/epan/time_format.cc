// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/time_format.h"

#include <cstdlib>
#include <ctime>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/time_zone.h"
#include "core/epan/engine_too_old.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// Returns libwireshark's number for a client's value, or `by_default` for
// UNSPECIFIED.
template <typename Theirs, typename Ours, size_t kSize>
std::optional<Theirs> Chosen(const NumberPair<Theirs, Ours> (&table)[kSize],
                             int32_t number, Theirs by_default) {
  if (number == 0) return by_default;
  return FromPublicNumber(table, number);
}

}  // namespace

absl::Status ApplyTimeFormat(const TimeFormat& format) {
  if (IsPrecisionOfLaterVersions(format.precision)) {
    return EngineTooOld("times with 4, 5, 7 or 8 decimals");
  }
  const auto type = Chosen(kTimestampTypes, format.type, TS_RELATIVE);
  const auto precision =
      Chosen(kTimestampPrecisions, format.precision, int{TS_PREC_AUTO});
  const auto seconds_type =
      Chosen(kSecondsTypes, format.seconds_type, TS_SECONDS_DEFAULT);
  if (!type.has_value() || !precision.has_value() ||
      !seconds_type.has_value()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The time stamp format has an undefined value.",
                     {"TIMESTAMP_FORMAT_INVALID", {}, {}});
  }
  timestamp_set_type(*type);
  timestamp_set_precision(*precision);
  timestamp_set_seconds_type(*seconds_type);
  return absl::OkStatus();
}

absl::Status ApplyTimeZone(const std::string& zone) {
  if (zone.empty()) return absl::OkStatus();
  if (!IsTimeZone(zone)) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("\"", zone,
                                  "\" is neither a time zone that the server "
                                  "knows nor a POSIX TZ string."),
                     {"TIME_ZONE_INVALID", {{"time_zone", zone}}, {}});
  }
  setenv("TZ", zone.c_str(), /*overwrite=*/1);
  tzset();
  return absl::OkStatus();
}

}  // namespace dissectd::engine
