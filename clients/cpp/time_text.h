// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_TIME_TEXT_H_
#define CLIENTS_CPP_TIME_TEXT_H_

#include <cstdint>

#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/common.pb.h"

namespace dissectd {

// Stands for absent nanoseconds: only whole seconds are shown.
inline constexpr int32_t kNoNanos = INT32_MAX;

// Appends a point in time with its zone, for example
// `Jan  2, 2020 03:04:05.000000000 UTC`, or in seconds since 1970 without a
// zone if the display says so. Local time is that of the process.
void AppendAbsoluteTime(v1::FieldDisplay display, int64_t seconds,
                        int32_t nanos, OutputBuffer* out);

// Appends a duration in seconds with nine decimals.
void AppendRelativeTime(int64_t seconds, int32_t nanos, OutputBuffer* out);

// Appends the UTC time in ISO 8601 with nine decimals and `Z`.
void AppendIsoTime(int64_t seconds, int32_t nanos, OutputBuffer* out);

// Appends the local date, as `YYYY-MM-DD`.
void AppendLocalDate(int64_t seconds, OutputBuffer* out);

}  // namespace dissectd

#endif  // CLIENTS_CPP_TIME_TEXT_H_
