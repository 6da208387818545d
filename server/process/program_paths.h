// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_PROGRAM_PATHS_H_
#define SERVER_PROCESS_PROGRAM_PATHS_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd::server {

// Return the paths of programs that come with this one, relative to it, as
// installed or as built. Errors: NOT_FOUND, PERMISSION_DENIED if this user may
// not execute it.

// Returns `configured` if it isn't empty.
absl::StatusOr<std::string> FindEngine(const std::string& configured);
absl::StatusOr<std::string> FindCaptureFilterCompiler();
absl::StatusOr<std::string> FindCaptureKeeper();
absl::StatusOr<std::string> FindExtcapLauncher();

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_PROGRAM_PATHS_H_
