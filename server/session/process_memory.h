// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_PROCESS_MEMORY_H_
#define SERVER_SESSION_PROCESS_MEMORY_H_

#include <sys/types.h>

#include <cstdint>

namespace dissectd::server {

// Returns the memory of a process and its descendants in bytes, without
// what forks share with their parents, and the process with its own: an
// estimate, as the kernel tells only the processes themselves what they share.
// 0 if the process is gone. `copying` is a descendant, if any, that writes on
// while its forks keep what it had.
uint64_t MemoryOfFamily(pid_t process, pid_t copying = 0);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_PROCESS_MEMORY_H_
