// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROGRAM_RUN_H_
#define SERVER_PROGRAM_RUN_H_

#include <asio/io_context.hpp>
#include <chrono>
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

// Runs a program to its end, and hands on what it printed. It is killed if that
// takes longer than `deadline`, or if it prints more than 4 MiB. On the loop's
// thread only, where `done` is called once, later than this returns.
//
// Errors: those of ChildProcess; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED for too
// much output.
void RunProgram(
    asio::io_context* context, const ProgramCommand& command,
    std::chrono::milliseconds deadline,
    absl::AnyInvocable<void(absl::StatusOr<ProgramOutput> output)> done);

}  // namespace dissectd

#endif  // SERVER_PROGRAM_RUN_H_
