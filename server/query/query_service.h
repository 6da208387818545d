// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_SERVICE_H_
#define SERVER_QUERY_QUERY_SERVICE_H_

#include <string>

#include "core/ipc/query.h"
#include "server/query/query_deps.h"
#include "server/rpc/rpc_service.h"

namespace dissectd::server {

// A service whose methods libwireshark answers: requests and responses are
// forwarded as they are. Which method is which query stands in a table in
// query_service.cc; methods that aren't there are for a derived class to bind.
class QueryService : public RpcService {
 public:
  QueryService(const RpcService::Deps& deps, const QueryDeps& queries,
               const std::string& name);

 protected:
  const QueryDeps& queries() const { return queries_; }

  // Has a call answered with what the engine says of itself; see
  // UnaryQueryCall::RunCached.
  UnaryReactor* RunCached(Context context, ipc::Query kind,
                          const std::string& known,
                          grpc::ByteBuffer* response) const;

 private:
  // How a query is run.
  enum class Run {
    // By a shared worker: for what changes nothing in it and is quick.
    kPooled,
    // Once, as the answer is the same until the engine is started again. The
    // request says nothing.
    kCached,
    // By a worker of its own: for what has settings of its own, or may take
    // long.
    kDedicated,
    // By a worker of its own, with many responses.
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
