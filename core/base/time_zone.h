// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_TIME_ZONE_H_
#define CORE_BASE_TIME_ZONE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd {

// Returns whether the C library knows `zone` as a value of the environment
// variable TZ: either a name in the system's time zone database
// (`Europe/Berlin`) or a POSIX TZ string (`CET-1CEST,M3.5.0,M10.5.0/3`). The C
// library itself takes everything else for UTC without an error. A name can't
// lead out of the database.
bool IsTimeZone(const std::string& zone);

// Returns whether `zone` is a POSIX TZ string: a name with an offset, and
// optionally a second name for daylight saving time with its own offset and
// rules.
bool IsPosixTimeZone(absl::string_view zone);

}  // namespace dissectd

#endif  // CORE_BASE_TIME_ZONE_H_
