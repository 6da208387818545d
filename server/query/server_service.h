// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_SERVER_SERVICE_H_
#define SERVER_QUERY_SERVER_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/server.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/base/recent_log.h"
#include "server/base/timestamp.h"
#include "server/config.h"
#include "server/policy/policy_access.h"
#include "server/policy/resource_access.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// What GetDiagnostics tells, besides what the process knows by itself.
struct DiagnosticSources {
  std::vector<ChangedOption> options;
  std::shared_ptr<RecentLog> log;
  // Returns the metrics in the text format of Prometheus. Called on threads
  // that may block.
  std::function<std::string()> metrics;
};

// dissectd.v1.ServerService. Thread-safe.
class ServerService final : public QueryService {
 public:
  // `facts` is the daemon's part of the answer; the engine adds its part.
  // `policy` is null if the daemon has none. Nothing is owned; everything
  // outlives this.
  ServerService(const RpcService::Deps& deps, const QueryDeps& queries,
                const v1::GetServerInfoResponse& facts,
                const PolicyAccess* policy, const ResourceAccess* access,
                DiagnosticSources diagnostics);

 private:
  absl::Status CheckPolicy(CallContext* context,
                           const v1::CheckPolicyRequest& request,
                           v1::CheckPolicyResponse* response);

  absl::Status GetDiagnostics(CallContext* context,
                              const v1::GetDiagnosticsRequest& request,
                              v1::GetDiagnosticsResponse* response);

  const PolicyAccess* const policy_;
  const ResourceAccess* const access_;
  const DiagnosticSources diagnostics_;
  const google::protobuf::Timestamp start_time_ = TimestampNow();
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_SERVER_SERVICE_H_
