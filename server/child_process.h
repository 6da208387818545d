// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CHILD_PROCESS_H_
#define SERVER_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace dissectd {

// A program that this process started. Destruction kills and reaps it.
// Thread-compatible.
class ChildProcess {
 public:
  // What the program finds open beside its standard streams.
  static constexpr int kInheritedFd = 3;

  // Starts `program` with `arguments` (without the program's name) in a process
  // group of its own, so that a terminal's signals don't reach it. It inherits
  // the environment, to which `defaults`, each as `NAME=VALUE`, are added if
  // there is no such variable, and `inherited_fd`, as kInheritedFd. Errors:
  // those of errno, for example NOT_FOUND.
  static absl::StatusOr<ChildProcess> Start(
      const std::string& program, const std::vector<std::string>& arguments,
      const std::vector<std::string>& defaults, int inherited_fd);

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  // Waits until it has ended, and returns what waitpid says. Once.
  int Wait();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  // 0 once it is reaped.
  pid_t pid_;
};

}  // namespace dissectd

#endif  // SERVER_CHILD_PROCESS_H_
