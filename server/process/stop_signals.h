// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_STOP_SIGNALS_H_
#define SERVER_PROCESS_STOP_SIGNALS_H_

#include <chrono>

// How a daemon begins and ends as a process.
namespace dissectd::server {

// Keeps descriptors that this process has inherited, perhaps by mistake, from
// the programs that it starts.
void KeepDescriptorsPrivate();

// Blocks SIGTERM and SIGINT in every thread that starts after this, so that the
// functions below get them, and ignores SIGPIPE.
void BlockStopSignals();

// Waits for SIGTERM or SIGINT, and returns which it was.
int AwaitStopSignal();

// Waits for SIGINT for at most this time. Returns whether it came.
bool AwaitInterrupt(std::chrono::seconds time);

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_STOP_SIGNALS_H_
