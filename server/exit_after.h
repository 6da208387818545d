// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EXIT_AFTER_H_
#define SERVER_EXIT_AFTER_H_

#include <chrono>

namespace dissectd::server {

// The time for everything that stopping does besides waiting for calls, of
// which stopping captures can take longest.
inline constexpr std::chrono::seconds kStopTimeout(40);

// Ends this process with an error if it still runs after `limit`, in whatever
// state it is. Stopping must not hang, for example if a file system doesn't
// answer. Uses a signal rather than a thread, which the machine may not have.
void ExitAfter(std::chrono::seconds limit);

}  // namespace dissectd::server

#endif  // SERVER_EXIT_AFTER_H_
