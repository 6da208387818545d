// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_SUBPROCESS_H_
#define SERVER_PROCESS_SUBPROCESS_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace dissectd::server {

// How to start a program.
struct Command {
  std::string program;
  // Without the program's name.
  std::vector<std::string> arguments;
  // The environment is inherited. Each of these is `NAME=VALUE`, and counts if
  // there is no such variable,
  std::vector<std::string> defaults = {};
  // or in its place.
  std::vector<std::string> settings = {};
  // Where the program runs; empty: where this one does. `program` is an
  // absolute path then.
  std::string folder = {};
};

// A program that this process started. Destruction kills and reaps it.
// Thread-compatible.
class Subprocess {
 public:
  // A descriptor that the program has under another number.
  struct Inherited {
    int ours;
    int theirs;
  };

  // Starts the program in a process group of its own, so that a terminal's
  // signals don't reach it. It has the descriptors of `inherited`, and of the
  // others only those that aren't closed on exec. Errors: those of errno, for
  // example NOT_FOUND.
  static absl::StatusOr<Subprocess> Start(
      const Command& command, const std::vector<Inherited>& inherited);

  Subprocess(Subprocess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)) {}
  Subprocess& operator=(Subprocess&&) = delete;
  ~Subprocess();

  pid_t pid() const { return pid_; }

  // Waits until it has ended, and returns what waitpid says. Once.
  int Wait();

 private:
  explicit Subprocess(pid_t pid) : pid_(pid) {}

  // 0 once it is reaped.
  pid_t pid_;
};

// How a process ended, of what waitpid says: for example `exit status 1`.
std::string DescribeWaitStatus(int wait_status);

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_SUBPROCESS_H_
