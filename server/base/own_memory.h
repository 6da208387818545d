// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_OWN_MEMORY_H_
#define SERVER_BASE_OWN_MEMORY_H_

#include <cstdint>

// The memory of the daemon's own process. Thread-safe.
namespace dissectd::server {

// Returns the memory that the process has, including memory that it has freed
// and keeps; 0 if the kernel doesn't tell.
uint64_t ResidentBytes();

// Returns the memory that was allocated and not freed. This takes longer than
// ResidentBytes.
uint64_t AllocatedBytes();

}  // namespace dissectd::server

#endif  // SERVER_BASE_OWN_MEMORY_H_
