// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_DUMPCAP_CHILD_H_
#define SERVER_CAPTURE_KEEPER_DUMPCAP_CHILD_H_

#include <sys/types.h>

#include <chrono>

#include "server/base/unique_fd.h"

namespace dissectd::server {

// A dumpcap that this process has started.
struct DumpcapChild {
  // 0 if it couldn't be started, for the reason `error`.
  pid_t pid = 0;
  int error = 0;
  // Its process (pidfd).
  UniqueFd process;
  // The end of its sync pipe to read from, which doesn't block.
  UniqueFd messages;
  std::chrono::steady_clock::time_point start;
};

// Starts the program `argv[0]` with the arguments after it. The kernel asks it
// to end when this process ends, unless it has capabilities by its file.
// This process must have one thread.
DumpcapChild StartDumpcap(char** argv);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_DUMPCAP_CHILD_H_
