// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_SERVER_SERVICE_H_
#define SERVER_QUERY_SERVER_SERVICE_H_

#include "absl/status/status.h"
#include "dissectd/v1/server.pb.h"
#include "server/policy/policy_access.h"
#include "server/policy/resource_access.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// dissectd.v1.ServerService. Thread-safe.
class ServerService final : public QueryService {
 public:
  // `facts` is the daemon's part of the answer; the engine adds its part.
  // `policy` is null if the daemon has none. Nothing is owned; everything
  // outlives this.
  ServerService(const RpcService::Deps& deps, const QueryDeps& queries,
                const v1::GetServerInfoResponse& facts,
                const PolicyAccess* policy, const ResourceAccess* access);

 private:
  absl::Status CheckPolicy(CallContext* context,
                           const v1::CheckPolicyRequest& request,
                           v1::CheckPolicyResponse* response);

  const PolicyAccess* const policy_;
  const ResourceAccess* const access_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_SERVER_SERVICE_H_
