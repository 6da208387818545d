// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/server_service.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

// Adds the daemon's facts to the engine's answer. They are the whole response
// if the engine has never answered and is unavailable.
UnaryQueryCall::PostProcess WithFacts(const std::string& facts) {
  return [facts](const absl::StatusOr<grpc::ByteBuffer>& answer,
                 UnaryQueryCall::Done done) {
    done(JoinMessages(facts, answer.ok() ? *answer : grpc::ByteBuffer()));
  };
}

}  // namespace

ServerService::ServerService(const RpcService::Deps& deps,
                             const QueryDeps& queries,
                             const v1::GetServerInfoResponse& facts)
    : QueryService(deps, queries, "dissectd.v1.ServerService") {
  BindUnary("GetServerInfo", WorkerUse::kNone,
            [this, facts = facts.SerializeAsString()](
                Context context, const grpc::ByteBuffer&,
                grpc::ByteBuffer* response) {
              return RunCached(std::move(context),
                               ipc::Query::kDescribeLibraries, WithFacts(facts),
                               response);
            });
  BindUnary("CheckPolicy", WorkerUse::kNone,
            [this](Context context, const grpc::ByteBuffer&,
                   grpc::ByteBuffer*) -> UnaryReactor* {
              return Refuse<UnaryReactor>(
                  std::move(context),
                  absl::UnimplementedError("The daemon has no policy."));
            });
}

}  // namespace dissectd::server
