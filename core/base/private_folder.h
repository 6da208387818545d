// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_PRIVATE_FOLDER_H_
#define CORE_BASE_PRIVATE_FOLDER_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Folders with files that come with requests, one for each process that needs
// one, in memory if the machine has a file system there. Only this user can
// enter them, and they vanish when their process ends: the engine, or the
// worker that has forked the process, removes them. If the engine is killed,
// the next engine removes what is left.
//
// The state is global, as forks inherit it. Not thread-safe.
namespace dissectd {

// Makes the engine's folder, which has those of the processes that it forks.
// Keeps it locked as long as this process lives, or a fork that hasn't called
// LeaveEngineFolder. Errors: INTERNAL.
absl::Status CreateEngineFolder();

// Closes the descriptor of the engine's folder in a fork, which could unlock or
// list the folder with it. The fork can still have a private folder, as it ends
// with the engine.
void LeaveEngineFolder();

// Removes the engine's folder with all that is in it.
void RemoveEngineFolder();

// The path of the engine's folder; empty if there is none.
std::string EngineFolder();

// Makes this process use the folder of the engine that has forked it, after it
// has executed a program.
void UseEngineFolder(std::string path);

// Returns the path of the folder of this process, which it makes at the first
// call. Errors: INTERNAL.
absl::StatusOr<std::string> PrivateFolder();

// Removes the folder of a process that has ended, if it had one.
void RemovePrivateFolder(pid_t pid);

// Removes the folders of this user's engines that have been killed: those that
// no process has locked.
void RemoveFoldersOfDeadEngines();

}  // namespace dissectd

#endif  // CORE_BASE_PRIVATE_FOLDER_H_
