// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/time_format.h"

#include <cstdlib>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/time_zone.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// Indexed by the numbers of dissectd.v1.TimestampType, TimestampPrecision and
// SecondsType.
constexpr ts_type kTypes[] = {
    TS_RELATIVE,
    TS_RELATIVE,
    TS_ABSOLUTE,
    TS_ABSOLUTE_WITH_YMD,
    TS_ABSOLUTE_WITH_YDOY,
    TS_DELTA,
    TS_DELTA_DIS,
    TS_EPOCH,
    TS_UTC,
    TS_UTC_WITH_YMD,
    TS_UTC_WITH_YDOY,
};
constexpr int kPrecisions[] = {
    TS_PREC_AUTO,       TS_PREC_AUTO,       TS_PREC_FIXED_SEC,
    TS_PREC_FIXED_DSEC, TS_PREC_FIXED_CSEC, TS_PREC_FIXED_MSEC,
    TS_PREC_FIXED_USEC, TS_PREC_FIXED_NSEC,
};
constexpr ts_seconds_type kSecondsTypes[] = {
    TS_SECONDS_DEFAULT, TS_SECONDS_DEFAULT, TS_SECONDS_HOUR_MIN_SEC};

template <typename T, size_t kSize>
bool Lookup(const T (&table)[kSize], int32_t number, T* value) {
  if (number < 0 || static_cast<size_t>(number) >= kSize) return false;
  *value = table[number];
  return true;
}

}  // namespace

absl::Status ApplyTimeFormat(const TimeFormat& format) {
  ts_type type;
  int precision;
  ts_seconds_type seconds_type;
  if (!Lookup(kTypes, format.type, &type) ||
      !Lookup(kPrecisions, format.precision, &precision) ||
      !Lookup(kSecondsTypes, format.seconds_type, &seconds_type)) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The time stamp format has an undefined value.",
                     {"TIMESTAMP_FORMAT_INVALID", {}, {}});
  }
  timestamp_set_type(type);
  timestamp_set_precision(precision);
  timestamp_set_seconds_type(seconds_type);
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
