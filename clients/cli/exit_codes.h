// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_EXIT_CODES_H_
#define CLIENTS_CLI_EXIT_CODES_H_

namespace dissectd::cli {

// The exit codes of dissectctl: those of tshark where it has one for the case.
enum ExitCode : int {
  kExitOk = 0,
  // An option is wrong, or capturing cannot start.
  kExitBadOption = 1,
  // The capture is cut short, and its complete part was printed, as by
  // capinfos.
  kExitCutShort = 1,
  // The capture cannot be opened or was not read to its end, or a filter does
  // not compile.
  kExitBadInput = 2,
  // The daemon cannot be reached, failed, or left out frames that crash it.
  kExitServer = 3,
  // The output could not be written.
  kExitOutput = 4,
  // `dissectctl policy check` only: the policy doesn't permit it, or the
  // question is wrong.
  kExitDenied = 1,
  kExitWrongQuestion = 2,
  // `dissectctl health` only: the daemon isn't ready, or doesn't answer.
  kExitUnhealthy = 1,
  // `dissectctl filter` only: the filter does not compile.
  kExitBadFilter = 4,
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_EXIT_CODES_H_
