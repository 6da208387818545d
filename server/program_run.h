// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROGRAM_RUN_H_
#define SERVER_PROGRAM_RUN_H_

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/child_process.h"

namespace dissectd {

// What a program printed until its end.
struct ProgramOutput {
  // As waitpid says.
  int wait_status = 0;
  std::string out;
  std::string err;
};

// Runs programs to their ends, a few at a time, and hands on what they printed.
// Used on the loop's thread only.
class ProgramRunner {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<ProgramOutput> output)>;

  // At most `limit` programs run at a time; others wait. `context` is not owned
  // and outlives this.
  ProgramRunner(asio::io_context* context, size_t limit)
      : context_(context), limit_(limit) {}
  ProgramRunner(const ProgramRunner&) = delete;
  ProgramRunner& operator=(const ProgramRunner&) = delete;

  asio::io_context* context() const { return context_; }

  // Calls `done` once, later than this returns. The program is killed if it
  // runs longer than `deadline`, or prints more than 4 MiB.
  //
  // Errors: those of ChildProcess; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED for
  // too much output.
  void Run(ProgramCommand command, std::chrono::milliseconds deadline,
           Done done);

 private:
  struct Waiting {
    ProgramCommand command;
    std::chrono::milliseconds deadline;
    Done done;
  };

  void StartWaiting();

  asio::io_context* const context_;
  const size_t limit_;
  size_t running_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace dissectd

#endif  // SERVER_PROGRAM_RUN_H_
