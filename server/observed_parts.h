// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OBSERVED_PARTS_H_
#define SERVER_OBSERVED_PARTS_H_

#include "server/capture_service/live_capture.h"
#include "server/config.h"
#include "server/metrics/daemon_state.h"
#include "server/query/query_pool.h"
#include "server/rpc/admission.h"
#include "server/rpc/file_queue.h"
#include "server/session/sessions.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"
#include "server/transport/transport.h"

namespace dissectd::server {

// The parts of the daemon that metrics tell about. Not owned.
struct ObservedParts {
  const ServerConfig* config;
  const LiveCapture* capture;
  const Sessions* sessions;
  const QueryPool* queries;
  Transport* transport;
  Admission* admission;
  FileQueue* file_queue;
  UploadStore* uploads;
  const FileStore* files;
};

// Fills in the state of what belongs to the loop. Called on its thread.
void DescribeLoop(const ObservedParts& parts, metrics::DaemonState* state);

// Fills in the rest. Called on any thread.
void DescribeOthers(const ObservedParts& parts, metrics::DaemonState* state);

}  // namespace dissectd::server

#endif  // SERVER_OBSERVED_PARTS_H_
