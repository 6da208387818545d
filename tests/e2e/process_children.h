// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_PROCESS_CHILDREN_H_
#define TESTS_E2E_PROCESS_CHILDREN_H_

#include <sys/types.h>

#include <vector>

namespace dissectd {

// Returns the current children of a process; none if it is gone.
std::vector<pid_t> ChildrenOf(pid_t pid);

// Returns the parent of a process; 0 if it is gone.
pid_t ParentOf(pid_t pid);
// Whether a process exists and hasn't ended.
bool IsRunning(pid_t pid);

// Whether a process is a dissectd-engine.
bool IsEngine(pid_t pid);
// Returns the dissectd-engine of a daemon; 0 if it has none.
pid_t EngineOf(pid_t daemon);

}  // namespace dissectd

#endif  // TESTS_E2E_PROCESS_CHILDREN_H_
