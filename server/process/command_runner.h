// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_COMMAND_RUNNER_H_
#define SERVER_PROCESS_COMMAND_RUNNER_H_

#include <algorithm>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/base/fair_queue.h"
#include "server/base/thread_checker.h"
#include "server/metrics/queue_waits.h"
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
  // Whom a program runs for.
  struct Asker {
    // The CallInfo::share_key.
    std::string caller;
    // Returns whether nobody waits for the output any more. Not called after
    // `done`. Null if the program runs in any case.
    std::function<bool()> has_gone;
  };

  // At most `limit` programs run at a time; others wait. `context` is not owned
  // and outlives this.
  CommandRunner(asio::io_context* context, size_t limit)
      : context_(context), waiting_({limit, std::max<size_t>(limit - 1, 1)}) {}
  CommandRunner(const CommandRunner&) = delete;
  CommandRunner& operator=(const CommandRunner&) = delete;

  asio::io_context* context() const { return context_; }

  // Calls `done` once, later than this returns. Callers take turns. The program
  // is killed if it runs longer than `deadline`, or prints more than 4 MiB. If
  // its asker has gone, it isn't started, or is killed within a moment.
  //
  // Errors: those of Subprocess; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED without
  // a reason for too much output; CANCELLED if the asker has gone.
  void Run(Command command, std::chrono::milliseconds deadline, Done done,
           const Asker& asker = {});

  // The numbers of programs that wait, and that run.
  size_t waiting() const { return waiting_.size(); }
  size_t running() const { return waiting_.used(); }

 private:
  struct Waiting {
    Command command;
    std::chrono::milliseconds deadline;
    Done done;
    std::function<bool()> has_gone;
    metrics::Wait wait = {};
  };

  void StartWaiting();
  void Start(FairQueue<Waiting>::Turn turn);
  // Ends commands that wait for their turn, and whose askers have gone.
  void DropWaiting();

  asio::io_context* const context_;
  FairQueue<Waiting> waiting_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_COMMAND_RUNNER_H_
