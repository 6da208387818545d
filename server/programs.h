// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROGRAMS_H_
#define SERVER_PROGRAMS_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd {

// Return the paths of programs that come with this one: where they are relative
// to it, as installed or as built. Errors: NOT_FOUND.

// `configured`, if it isn't empty.
absl::StatusOr<std::string> FindEpanHost(const std::string& configured);
absl::StatusOr<std::string> FindCaptureFilterCompiler();

}  // namespace dissectd

#endif  // SERVER_PROGRAMS_H_
