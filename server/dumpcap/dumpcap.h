// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_DUMPCAP_H_
#define SERVER_DUMPCAP_DUMPCAP_H_

#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/thread_checker.h"
#include "server/process/command_runner.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// Finds dumpcap and runs queries with it. Used on the loop's thread only.
class Dumpcap {
 public:
  using QueryDone = absl::AnyInvocable<void(absl::StatusOr<std::string> out)>;

  // `program` is a path, or the name of a program that is looked for in PATH.
  // `runner` is not owned and outlives this.
  Dumpcap(CommandRunner* runner, std::string program)
      : runner_(runner), program_(std::move(program)) {}

  // Finds dumpcap and checks its version, unless that was done before; then
  // calls `done` with the command that runs it as a capture child with
  // `arguments` and messages in English. Errors: DUMPCAP_MISSING,
  // DUMPCAP_TOO_OLD, DUMPCAP_HANGS, DUMPCAP_FAILED, DUMPCAP_PROTOCOL_ERROR,
  // PROGRAM_NOT_STARTED.
  void Prepare(std::vector<std::string> arguments,
               absl::AnyInvocable<void(absl::StatusOr<Command> command)> done);

  // Runs dumpcap with a query, and calls `done` with its standard output when
  // it has ended. Errors: those of Prepare; those of DumpcapError if dumpcap
  // reports one; DUMPCAP_PROTOCOL_ERROR; CANCELLED if the asker has gone.
  void Query(const std::vector<std::string>& arguments,
             const CommandRunner::Asker& asker, QueryDone done);

  // The path of dumpcap; empty until Prepare has found it.
  const std::string& path() const { return path_; }

 private:
  Command CommandWith(std::vector<std::string> arguments) const;

  CommandRunner* const runner_;
  const std::string program_;
  std::string path_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_DUMPCAP_H_
