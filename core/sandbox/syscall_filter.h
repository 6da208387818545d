// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SANDBOX_SYSCALL_FILTER_H_
#define CORE_SANDBOX_SYSCALL_FILTER_H_

#include <linux/filter.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dissectd {

// What a process may do besides computing, using the descriptors that it has,
// and reading files.
struct SyscallRights {
  // Creating files in memory.
  bool memory_files = false;
  // Creating, renaming and removing files and folders by their names.
  bool change_folders = false;
  // Forking, threads, and signals to other processes.
  bool fork = false;
  // Executing programs.
  bool execute = false;
  // Sockets for IPv4 and IPv6.
  bool network = false;
  // Accepting connections, and signals to processes by their descriptors.
  bool supervise = false;
};

// A list of system calls that a process can make, which the kernel enforces
// (seccomp). Calls that aren't in the list fail with EPERM instead of ending
// the process: libraries often have another way, and a capture then costs a
// part of a frame rather than its worker.
class SyscallFilter {
 public:
  // Takes about a millisecond. Errors: INTERNAL.
  static absl::StatusOr<SyscallFilter> Compile(const SyscallRights& rights);

  // Restricts all threads of this process and its future children, for good.
  // Needs no_new_privs. Errors: INTERNAL, UNIMPLEMENTED if the kernel can't.
  absl::Status Load() const;

 private:
  explicit SyscallFilter(std::vector<sock_filter> code)
      : code_(std::move(code)) {}

  std::vector<sock_filter> code_;
};

}  // namespace dissectd

#endif  // CORE_SANDBOX_SYSCALL_FILTER_H_
