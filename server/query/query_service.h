// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_SERVICE_H_
#define SERVER_QUERY_QUERY_SERVICE_H_

#include <string>

#include "core/ipc/query.h"
#include "server/query/query_deps.h"
#include "server/query/unary_query_call.h"
#include "server/rpc/rpc_service.h"

namespace dissectd::server {

// A service whose methods libwireshark answers: requests and responses are
// forwarded unchanged, to the engine that the call chooses. A table in
// query_service.cc maps methods to queries; a derived class binds methods that
// aren't in it.
class QueryService : public RpcService {
 public:
  QueryService(const RpcService::Deps& deps, const QueryDeps& queries,
               const std::string& name);

 protected:
  const QueryDeps& queries() const { return queries_; }

 private:
  // The ways of running a query.
  enum class Run {
    // By a shared worker, for queries that change nothing in it and are quick.
    kPooled,
    // Once, as the answer is the same until the engine is restarted. The
    // request is ignored.
    kCached,
    // By a separate worker, for queries that have settings, or may take long.
    kDedicated,
    // By a separate worker, with many responses.
    kStream,
  };
  struct Row;
  static const Row kRows[];

  void BindPooled(const Row& row);
  void BindCached(const Row& row);
  void BindDedicated(const Row& row);
  void BindStreaming(const Row& row);

  const QueryDeps queries_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_SERVICE_H_
