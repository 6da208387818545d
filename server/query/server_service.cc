// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/server_service.h"

#include <utility>

namespace dissectd::server {

ServerService::ServerService(const RpcService::Deps& deps,
                             const QueryDeps& queries,
                             const v1::GetServerInfoResponse& facts)
    : QueryService(deps, queries, "dissectd.v1.ServerService") {
  BindUnary("GetServerInfo", WorkerUse::kNone,
            [this, facts = facts.SerializeAsString()](
                Context context, const grpc::ByteBuffer&,
                grpc::ByteBuffer* response) {
              return RunCached(std::move(context),
                               ipc::Query::kDescribeLibraries, facts, response);
            });
}

}  // namespace dissectd::server
