// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_SUBPROCESS_H_
#define SERVER_PROCESS_SUBPROCESS_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace dissectd::server {

// A program with its arguments and environment.
struct Command {
  std::string program;
  // The arguments without the program's name.
  std::vector<std::string> arguments;
  // NAME=VALUE pairs that are set only if they are unset in the environment,
  // which is inherited.
  std::vector<std::string> defaults = {};
  // NAME=VALUE pairs that replace those in the environment.
  std::vector<std::string> overrides = {};
  // The working folder of the program; empty for that of this process. If set,
  // `program` must be an absolute path.
  std::string folder = {};
  // Whether the program runs without any capability: it neither inherits those
  // of this process, nor gains those of its file or of root.
  bool unprivileged = false;
  // Whether AsyncSubprocess kills the processes that the program has started,
  // and left behind in its process group, when it ends.
  bool kill_leftovers = false;
};

// A child process that runs a program. Destruction kills and reaps it.
// Thread-compatible.
class Subprocess {
 public:
  // A descriptor that the program gets under another number.
  struct Inherited {
    int ours;
    int theirs;
  };

  // Starts the program in a separate process group, so that a terminal's
  // signals don't reach it. It gets the descriptors of `inherited`, and all
  // others that aren't close-on-exec. Errors: PROGRAM_NOT_STARTED, and those
  // of errno, for example NOT_FOUND.
  static absl::StatusOr<Subprocess> Start(
      const Command& command, const std::vector<Inherited>& inherited);

  Subprocess(Subprocess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)) {}
  Subprocess& operator=(Subprocess&&) = delete;
  ~Subprocess();

  pid_t pid() const { return pid_; }

  // Waits until it has ended, and returns waitpid's status. Call it once.
  int Wait();

 private:
  explicit Subprocess(pid_t pid) : pid_(pid) {}

  // 0 once the process is reaped.
  pid_t pid_;
};

// Describes the end of a process by waitpid's status, for example `exit status
// 1`.
std::string DescribeWaitStatus(int wait_status);

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_SUBPROCESS_H_
