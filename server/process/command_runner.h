// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_COMMAND_RUNNER_H_
#define SERVER_PROCESS_COMMAND_RUNNER_H_

#include <algorithm>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/base/fair_queue.h"
#include "server/base/thread_checker.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// The complete output of a program.
struct CommandOutput {
  // The status from waitpid.
  int wait_status = 0;
  std::string out;
  std::string err;
};

// Runs programs until they end, a few at a time, and returns their output. Used
// on the loop's thread only.
class CommandRunner {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<CommandOutput> output)>;

  // At most `limit` programs run at a time; others wait. `context` is not owned
  // and outlives this.
  CommandRunner(asio::io_context* context, size_t limit)
      : context_(context), waiting_({limit, std::max<size_t>(limit - 1, 1)}) {}
  CommandRunner(const CommandRunner&) = delete;
  CommandRunner& operator=(const CommandRunner&) = delete;

  asio::io_context* context() const { return context_; }

  // Calls `done` once, later than this returns. Callers take turns; `caller` is
  // the CallInfo::share_key of whom the program runs for. The program is killed
  // if it runs longer than `deadline`, or prints more than 4 MiB.
  //
  // Errors: those of Subprocess; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED for
  // too much output.
  void Run(Command command, std::chrono::milliseconds deadline, Done done,
           const std::string& caller = "");

 private:
  struct Waiting {
    Command command;
    std::chrono::milliseconds deadline;
    Done done;
  };

  void StartWaiting();

  asio::io_context* const context_;
  FairQueue<Waiting> waiting_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_COMMAND_RUNNER_H_
