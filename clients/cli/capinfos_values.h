// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_VALUES_H_
#define CLIENTS_CLI_CAPINFOS_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/capinfos_options.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/wiretap.pb.h"

// Formats values as capinfos does.
namespace dissectd::cli {

// A unit in the forms that follow a plain number and a prefix such as `k`.
struct SizeUnit {
  const char* whole;
  const char* prefixed;
};
inline constexpr SizeUnit kNoUnit = {"", ""};
inline constexpr SizeUnit kBytes = {" bytes", "B"};
inline constexpr SizeUnit kBytesPerSecond = {" bytes/s", "Bps"};
inline constexpr SizeUnit kBitsPerSecond = {" bits/s", "bps"};
inline constexpr SizeUnit kPacketsPerSecond = {" packets/s", "packets/s"};

// Formats a number with the largest prefix that leaves at least two digits, for
// example `33 kB`.
std::string SizeText(int64_t size, const SizeUnit& unit);

// Returns wiretap's number of a precision: the decimals, or a negative number.
int PrecisionNumber(const v1::TimePrecision& precision);

// Formats a point in time in local time, or as `-S` asks.
std::string TimeText(const v1::TimeValue& time,
                     const v1::TimePrecision& precision, bool epoch_times);

// Formats a duration in seconds.
std::string DurationText(const v1::TimeValue& duration,
                         const v1::TimePrecision& precision, bool with_unit);

std::string OrderText(v1::TimeOrder order);

// Returns an empty string for files that are not compressed.
std::string CompressionText(v1::Compression compression);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_VALUES_H_
