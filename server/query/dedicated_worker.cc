// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/dedicated_worker.h"

#include <utility>

#include "core/base/status_macros.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

absl::StatusOr<std::unique_ptr<RunningQuery>> StartDedicatedWorker(
    const QueryDeps& deps, CallContext* context, DedicatedQuery query,
    QueryReader* reader) {
  ASSIGN_OR_RETURN(WorkerLimit::Permit permit, context->TakeWorkerPermit());
  ASSIGN_OR_RETURN(
      EngineSupervisor* const engine,
      deps.engines->Choose(ChosenEngine(context->info(), query.engine)));
  ASSIGN_OR_RETURN(
      std::unique_ptr<QueryWorker> worker,
      QueryWorker::Start({deps.loop, engine}, std::move(query.capture),
                         query.capture_name, std::move(permit)));
  query.query.log_ids = LogIdsOf(context->info());
  worker->Ask(std::move(query.query), reader);
  return std::unique_ptr<RunningQuery>(std::move(worker));
}

}  // namespace dissectd::server
