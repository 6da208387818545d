// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_POOL_H_
#define SERVER_QUERY_QUERY_POOL_H_

#include <asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/principal.h"
#include "server/base/thread_checker.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"

namespace dissectd::server {

// A few workers that are kept for queries which change nothing in them, so
// that an answer takes no new process. A worker answers one principal only.
// Queries wait for their turn, and have a time to be answered in: what a client
// may ask can make libwireshark slow. Used on the loop's thread only.
class QueryPool {
 public:
  explicit QueryPool(const QueryWorker::Deps& deps) : deps_(deps) {}
  QueryPool(const QueryPool&) = delete;
  QueryPool& operator=(const QueryPool&) = delete;

  // Asks for `principal`, now or later. `reader` outlives OnEnd, or Abandon.
  // OnEnd may be called before this returns. Errors that it has beside the
  // answer's own: QUERY_TIMEOUT, TOO_MANY_QUERIES, those of workers.
  void Ask(const Principal& principal, Query query, QueryReader* reader);

  // The reader has room.
  void ReadMore(QueryReader* reader);

  // The reader is gone.
  void Abandon(QueryReader* reader);

 private:
  struct Waiting {
    Principal principal;
    Query query;
    QueryReader* reader;
  };
  struct Idle {
    Principal principal;
    std::shared_ptr<QueryWorker> worker;
  };
  struct Running {
    Principal principal;
    std::shared_ptr<QueryWorker> worker;
    std::unique_ptr<asio::steady_timer> timeout;
  };

  void StartWaiting();
  void Start(Waiting waiting);
  // Returns a worker that has answered the principal before, or a new one.
  absl::StatusOr<std::shared_ptr<QueryWorker>> WorkerFor(
      const Principal& principal);
  void OnIdle(QueryReader* reader);
  void OnTimeout(QueryReader* reader);

  const QueryWorker::Deps deps_;
  std::deque<Waiting> waiting_;
  std::map<QueryReader*, Running> running_;
  std::vector<Idle> idle_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_POOL_H_
