// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_MEMORY_FILE_H_
#define CORE_EPAN_MEMORY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Makes a file in memory, which has no name in any folder and can't be changed,
// and returns a path by which this process and its forks can open it. The file
// stays until they all have ended, because libwireshark opens files whenever it
// likes. Errors: INTERNAL.
absl::StatusOr<std::string> MakeMemoryFile(absl::string_view content);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_MEMORY_FILE_H_
