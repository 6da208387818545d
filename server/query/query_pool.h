// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_POOL_H_
#define SERVER_QUERY_QUERY_POOL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/fair_queue.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/base/thread_checker.h"
#include "server/engine/worker_parent.h"
#include "server/metrics/queue_waits.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"

namespace dissectd::server {

// Answers queries that change nothing in the process that answers them. A few
// forks of one worker of each engine are kept, so that most answers need no new
// process. A fork answers only one caller. Queries wait for their turn and have
// a timeout, as clients can send queries that make libwireshark slow. Callers
// take turns, and none of them can hold all forks. A query that times out or is
// abandoned ends its fork and affects nothing else. Its caller gets another
// fork once that one has ended, so that abandoning queries keeps nobody from
// getting a fork.
//
// Used on the loop's thread only.
class QueryPool {
 public:
  // Identifies a query of the pool.
  using Ticket = uint64_t;

  // `loop` is not owned and outlives this.
  explicit QueryPool(IoLoop* loop);
  ~QueryPool();
  QueryPool(const QueryPool&) = delete;
  QueryPool& operator=(const QueryPool&) = delete;

  // The caller of a query, and the engine that it asks, which is not owned and
  // outlives this.
  struct Asker {
    Principal principal;
    // Callers with the same key share their turns, as in CallInfo.
    std::string share_key;
    WorkerParent* engine;
  };

  // Runs a query, now or later. `reader` outlives OnEnd, or
  // Abandon. Its methods are not called before this has returned, and it need
  // not call ReadMore. Errors besides those of the answer: QUERY_TIMEOUT,
  // TOO_MANY_QUERIES, those of workers.
  Ticket Ask(const Asker& asker, Query query, QueryReader* reader);

  // Abandons a query whose reader has gone. Has no effect after OnEnd.
  void Abandon(Ticket ticket);

  // The numbers of queries that wait, and that are being answered.
  size_t waiting() const { return waiting_.size(); }
  size_t running() const { return running_.size(); }

 private:
  struct Waiting {
    Ticket ticket;
    Asker asker;
    Query query;
    QueryReader* reader;
    metrics::Wait wait = {};
  };
  struct Idle {
    Asker asker;
    std::unique_ptr<QueryWorker> worker;
  };
  class Running;
  class Forks;

  // Returns what makes forks of an engine's worker.
  Forks* ForksOf(WorkerParent* engine);
  void EndLater(Ticket ticket, QueryReader* reader, const absl::Status& status);
  void StartWaiting();
  void Start(Waiting waiting);
  // Returns a fork that has answered the caller before, or a new one.
  absl::StatusOr<std::unique_ptr<QueryWorker>> WorkerFor(const Asker& asker);
  // Frees the slot of a query that is over: now if its fork goes on, or else
  // when its fork has ended.
  void Free(std::unique_ptr<Running> query);
  void OnEnd(Ticket ticket, const absl::Status& status);

  IoLoop* const loop_;
  // Declared before the forks, which it outlives.
  std::map<WorkerParent*, std::unique_ptr<Forks>> forks_;
  FairQueue<Waiting> waiting_;
  std::map<Ticket, std::unique_ptr<Running>> running_;
  // Readers of refused queries, until they are notified.
  std::map<Ticket, QueryReader*> refused_;
  std::vector<Idle> idle_;
  Ticket last_ticket_ = 0;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_POOL_H_
