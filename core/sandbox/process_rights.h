// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SANDBOX_PROCESS_RIGHTS_H_
#define CORE_SANDBOX_PROCESS_RIGHTS_H_

#include "absl/status/status.h"

namespace dissectd {

// Whether the program is built with a sanitizer. Its runtime reserves terabytes
// of address space and makes calls of its own, so that some limits are off.
#if defined(__SANITIZE_ADDRESS__) || defined(DISSECTD_TSAN)
inline constexpr bool kHasSanitizer = true;
#else
inline constexpr bool kHasSanitizer = false;
#endif

// Gives up all capabilities of this process, also those that programs would get
// which it executes, even if its user is root. There is no way back. Errors:
// INTERNAL.
absl::Status GiveUpRights();

// Keeps the memory of this process from being written to a file or sent to a
// program if it crashes, and from other processes of its user. Has to be called
// again after a program was executed.
void KeepMemoryPrivate();

}  // namespace dissectd

#endif  // CORE_SANDBOX_PROCESS_RIGHTS_H_
