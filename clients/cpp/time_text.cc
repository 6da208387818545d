// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/time_text.h"

#include <cstdio>
#include <ctime>

namespace dissectd {
namespace {

constexpr char kNotRepresentable[] = "Not representable";
constexpr char kMonths[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
// Durations are truncated to this length, that of the longest regular one.
constexpr size_t kMaxRelativeTime = 30;

// Appends a number in decimal with leading zeros.
void AppendPadded(int64_t value, int width, OutputBuffer* out) {
  char* text = out->Reserve(32);
  out->Commit(
      std::snprintf(text, 32, "%0*ld", width, static_cast<long>(value)));
}

void AppendClock(const std::tm& time, OutputBuffer* out) {
  AppendPadded(time.tm_hour, 2, out);
  out->Append(':');
  AppendPadded(time.tm_min, 2, out);
  out->Append(':');
  AppendPadded(time.tm_sec, 2, out);
}

}  // namespace

void AppendAbsoluteTime(v1::FieldDisplay display, int64_t seconds,
                        int32_t nanos, OutputBuffer* out) {
  if (display == v1::FIELD_DISPLAY_TIME_UNIX) {
    if (nanos == kNoNanos) {
      out->AppendSigned(seconds);
    } else {
      AppendRelativeTime(seconds, nanos, out);
    }
    return;
  }
  const bool utc = display == v1::FIELD_DISPLAY_TIME_UTC ||
                   display == v1::FIELD_DISPLAY_TIME_DOY_UTC ||
                   display == v1::FIELD_DISPLAY_TIME_NTP_UTC;
  if (display == v1::FIELD_DISPLAY_TIME_NTP_UTC && seconds == 0 &&
      (nanos == 0 || nanos == kNoNanos)) {
    out->Append("NULL");
    return;
  }
  const time_t time = seconds;
  std::tm broken_down;
  if ((utc ? gmtime_r(&time, &broken_down)
           : localtime_r(&time, &broken_down)) == nullptr) {
    out->Append(kNotRepresentable);
    return;
  }
  // The year wraps as an int does.
  const int year =
      static_cast<int>(static_cast<unsigned>(broken_down.tm_year) + 1900u);
  if (display == v1::FIELD_DISPLAY_TIME_DOY_UTC) {
    AppendPadded(year, 4, out);
    out->Append('/');
    AppendPadded(broken_down.tm_yday + 1, 3, out);
    out->Append(':');
  } else {
    out->Append(kMonths[broken_down.tm_mon]);
    out->Append(broken_down.tm_mday < 10 ? "  " : " ");
    out->AppendSigned(broken_down.tm_mday);
    out->Append(", ");
    out->AppendSigned(year);
    out->Append(' ');
  }
  AppendClock(broken_down, out);
  if (nanos != kNoNanos) {
    out->Append('.');
    AppendPadded(nanos, 9, out);
  }
  out->Append(' ');
  out->Append(utc ? "UTC" : broken_down.tm_zone);
}

void AppendRelativeTime(int64_t seconds, int32_t nanos, OutputBuffer* out) {
  const size_t begin = out->size();
  // Both parts of a negative duration are negative. If the seconds are zero,
  // only the nanoseconds have the sign.
  if (nanos < 0 && seconds >= 0) out->Append('-');
  const int64_t fraction = nanos < 0 ? -int64_t{nanos} : int64_t{nanos};
  out->AppendSigned(seconds);
  out->Append('.');
  AppendPadded(fraction, 9, out);
  if (out->size() - begin > kMaxRelativeTime) {
    out->Truncate(begin + kMaxRelativeTime);
  }
}

void AppendIsoTime(int64_t seconds, int32_t nanos, OutputBuffer* out) {
  const time_t time = seconds;
  std::tm broken_down;
  char* text = out->Reserve(sizeof("YYYY-MM-DDTHH:MM:SS"));
  if (gmtime_r(&time, &broken_down) == nullptr) {
    out->Append(kNotRepresentable);
    return;
  }
  out->Commit(std::strftime(text, sizeof("YYYY-MM-DDTHH:MM:SS"),
                            "%Y-%m-%dT%H:%M:%S", &broken_down));
  out->Append('.');
  // Printed as an unsigned number, as on the wire.
  AppendPadded(static_cast<uint32_t>(nanos), 9, out);
  out->Append('Z');
}

void AppendLocalDate(int64_t seconds, OutputBuffer* out) {
  const time_t time = seconds;
  std::tm broken_down;
  if (localtime_r(&time, &broken_down) == nullptr) {
    out->Append("XXXX-XX-XX");
    return;
  }
  char* text = out->Reserve(30);
  out->Commit(std::strftime(text, 30, "%Y-%m-%d", &broken_down));
}

}  // namespace dissectd
