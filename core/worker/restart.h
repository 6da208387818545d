// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_RESTART_H_
#define CORE_WORKER_RESTART_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/epan/library.h"
#include "core/ipc/worker_channel.h"
#include "core/worker/worker.h"

// A worker whose request has another profile than the engine, or scripts,
// begins again as a new program: libwireshark runs scripts and reads some files
// of a profile only when it is initialised, which a process can do only once.
// The process keeps its id, its limits and its descriptors, so that neither the
// engine nor dissectd notices.
namespace dissectd::engine {

// What a worker knows when it begins again.
struct RestartState {
  WorkerStart start;
  uint32_t pass_workers = 1;
  InitOptions options;
  // EngineFolder.
  std::string engine_folder;
  // The messages that the worker has received, which it receives again.
  std::vector<WorkerChannel::Message> messages;
};

// The option of dissectd-engine by which it becomes a worker that begins again:
// the descriptor that ReadRestartState reads from.
inline constexpr char kRestartOption[] = "--restart-fd";

// Executes this program again, with the arguments that it was started with.
// Returns only if that fails. Errors: INTERNAL.
absl::Status Restart(const RestartState& state);

// Errors: INTERNAL.
absl::StatusOr<RestartState> ReadRestartState(int fd);

// Ends the worker's only request with an error, as libwireshark can't be
// initialised for it.
// Returns the exit status of the process.
int FailRestart(const absl::Status& error, const RestartState& state);

}  // namespace dissectd::engine

#endif  // CORE_WORKER_RESTART_H_
