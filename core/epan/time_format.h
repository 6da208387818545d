// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_TIME_FORMAT_H_
#define CORE_EPAN_TIME_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// The format of time columns: the values of dissectd.v1.TimestampFormat.
struct TimeFormat {
  int32_t type = 0;
  int32_t precision = 0;
  int32_t seconds_type = 0;
};

// Sets how this process writes times. Errors: INVALID_ARGUMENT
// (TIMESTAMP_FORMAT_INVALID) for values that the API does not define.
absl::Status ApplyTimeFormat(const TimeFormat& format);

// Sets the time zone of local times of this process: an IANA name or a POSIX TZ
// string. Errors: INVALID_ARGUMENT (TIME_ZONE_INVALID) for a text that is
// neither, or a name that this machine does not know.
absl::Status ApplyTimeZone(const std::string& zone);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_TIME_FORMAT_H_
