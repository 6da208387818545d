// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_DEDICATED_WORKER_H_
#define SERVER_QUERY_DEDICATED_WORKER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/query/query_deps.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// Starts a worker with the call's permit, and sends it the query. `reader` is
// called later, and outlives the worker. Errors: TOO_MANY_WORKERS, those of
// Engines::Choose and of QueryWorker::Start.
absl::StatusOr<std::unique_ptr<RunningQuery>> StartDedicatedWorker(
    const QueryDeps& deps, CallContext* context, DedicatedQuery query,
    QueryReader* reader);

}  // namespace dissectd::server

#endif  // SERVER_QUERY_DEDICATED_WORKER_H_
