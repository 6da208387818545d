// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capinfos_values.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dissectd::cli {
namespace {

// Appends the decimals of the precision; returns false if the precision is
// invalid. In damaged files, nanoseconds may exceed a second.
bool AppendDecimals(const v1::TimeValue& time,
                    const v1::TimePrecision& precision, std::string* text) {
  int32_t unit = 1000000000;
  const int decimals = PrecisionNumber(precision);
  switch (decimals) {
    case 0:
      return true;
    case 1:
    case 2:
    case 3:
    case 6:
    case 9:
      break;
    default:
      *text = absl::StrCat("Unknown precision ", decimals);
      return false;
  }
  for (int i = 0; i < decimals; ++i) unit /= 10;
  absl::StrAppendFormat(text, ".%0*d", decimals, time.nanos() / unit);
  return true;
}

}  // namespace

std::string SizeText(int64_t size, const SizeUnit& unit) {
  // The largest prefix that leaves two digits.
  constexpr const char* kPrefixes[] = {" T", " G", " M", " k"};
  int64_t power = 1000000000000;
  for (const char* prefix : kPrefixes) {
    if (size / power >= 10) {
      return absl::StrCat(size / power, prefix, unit.prefixed);
    }
    power /= 1000;
  }
  return absl::StrCat(size, unit.whole);
}

int PrecisionNumber(const v1::TimePrecision& precision) {
  constexpr int kPerPacket = -1;
  constexpr int kUnknown = -2;
  if (precision.has_decimals()) return static_cast<int>(precision.decimals());
  return precision.per_record() ? kPerPacket : kUnknown;
}

std::string TimeText(const v1::TimeValue& time,
                     const v1::TimePrecision& precision, bool epoch_times) {
  std::string text;
  if (epoch_times) {
    text = absl::StrCat(time.seconds());
  } else {
    const time_t seconds = time.seconds();
    tm local;
    if (localtime_r(&seconds, &local) == nullptr) return "Not representable";
    text = absl::StrFormat(
        "%04d-%02d-%02d %02d:%02d:%02d", local.tm_year + 1900, local.tm_mon + 1,
        local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
  }
  AppendDecimals(time, precision, &text);
  return text;
}

std::string DurationText(const v1::TimeValue& duration,
                         const v1::TimePrecision& precision, bool with_unit) {
  std::string text = absl::StrCat(duration.seconds());
  if (AppendDecimals(duration, precision, &text) && with_unit) {
    const bool is_one = duration.seconds() == 1 && duration.nanos() == 0;
    absl::StrAppend(&text, is_one ? " second" : " seconds");
  }
  return text;
}

std::string OrderText(v1::TimeOrder order) {
  switch (order) {
    case v1::TIME_ORDER_IN_ORDER:
      return "True";
    case v1::TIME_ORDER_NOT_IN_ORDER:
      return "False";
    default:
      return "Unknown";
  }
}

std::string CompressionText(v1::Compression compression) {
  switch (compression) {
    case v1::COMPRESSION_GZIP:
      return "gzip compressed";
    case v1::COMPRESSION_ZSTD:
      return "zstd compressed";
    case v1::COMPRESSION_LZ4:
      return "lz4 compressed";
    default:
      return "";
  }
}

}  // namespace dissectd::cli
