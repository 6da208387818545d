// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_WORKER_H_
#define CORE_WORKER_WORKER_H_

#include <vector>

#include "core/dissection/settings.h"
#include "core/epan/epan.h"
#include "core/ipc/protocol.h"
#include "core/ipc/worker_channel.h"

namespace dissectd::engine {

// The file descriptors that come with kStartWorker.
struct WorkerFds {
  int channel;
  int status_page;
  int capture;
};

// Everything that a worker process gets at its start.
struct WorkerStart {
  ipc::WorkerKind kind;
  ipc::WorkerLimits limits;
  WorkerFds fds;
};

// Applies the limits and serves the requests of a worker of this kind: the
// whole life of a worker process after its fork. libwireshark must be
// initialised, and `epan`, which is not owned, open. Ends the process, with
// exit status 0 if a status was sent or dissectd is no longer interested.
// The worker receives `messages` before those that dissectd sends.
[[noreturn]] void RunWorker(const WorkerStart& start,
                            const WorkerPolicy& policy, Epan* epan,
                            std::vector<WorkerChannel::Message> messages = {});

}  // namespace dissectd::engine

#endif  // CORE_WORKER_WORKER_H_
