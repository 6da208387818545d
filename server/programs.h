// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROGRAMS_H_
#define SERVER_PROGRAMS_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd {

// Returns the path of epan-host: `configured` if it isn't empty, else where it
// is relative to this program, as installed or as built. Errors: NOT_FOUND.
absl::StatusOr<std::string> FindEpanHost(const std::string& configured);

}  // namespace dissectd

#endif  // SERVER_PROGRAMS_H_
