// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/exit_after.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace dissectd::server {
namespace {

// Calls only functions that a handler of a signal may call.
void Exit(int /*signal*/) {
  constexpr char kMessage[] = "dissectd: stopping takes too long; exiting\n";
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
  _exit(EXIT_FAILURE);
}

}  // namespace

void ExitAfter(std::chrono::seconds limit) {
  std::signal(SIGALRM, Exit);
  alarm(static_cast<unsigned>(limit.count()));
}

}  // namespace dissectd::server
