// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_SERVER_SERVICE_H_
#define SERVER_QUERY_SERVER_SERVICE_H_

#include "dissectd/v1/server.pb.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// dissectd.v1.ServerService. Thread-safe.
class ServerService final : public QueryService {
 public:
  // `facts` is the daemon's part of the answer; the engine adds its part.
  ServerService(const RpcService::Deps& deps, const QueryDeps& queries,
                const v1::GetServerInfoResponse& facts);
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_SERVER_SERVICE_H_
