// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_RUN_DAEMON_H_
#define TESTS_E2E_RUN_DAEMON_H_

#include <sys/types.h>

#include <string>

#include "tests/e2e/command.h"

namespace dissectd {

// Runs dissectd until it ends by itself.
CommandOutput RunDaemon(const std::string& arguments);

// Returns the TCP port that a process listens on; 0 if there is none.
int ListeningPort(pid_t pid);

}  // namespace dissectd

#endif  // TESTS_E2E_RUN_DAEMON_H_
