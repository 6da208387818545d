// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/server_service.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "server/base/principal.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

v1::Authentication AuthenticationMessage(Authentication authentication) {
  switch (authentication) {
    case Authentication::kNone:
      return v1::AUTHENTICATION_NONE;
    case Authentication::kToken:
      return v1::AUTHENTICATION_TOKEN;
    case Authentication::kJwt:
      return v1::AUTHENTICATION_JWT;
    case Authentication::kCertificate:
      return v1::AUTHENTICATION_CERTIFICATE;
    case Authentication::kUnixUser:
      return v1::AUTHENTICATION_UNIX_USER;
  }
  return v1::AUTHENTICATION_UNSPECIFIED;
}

// Returns the caller as the daemon sees it.
v1::Caller DescribeCaller(const Principal& principal) {
  v1::Caller caller;
  caller.set_principal(principal.id);
  caller.set_authentication(AuthenticationMessage(principal.authentication));
  for (const std::string& group : principal.groups) caller.add_groups(group);
  return caller;
}

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
            [this, facts](Context context, const grpc::ByteBuffer&,
                          grpc::ByteBuffer* response) {
              v1::GetServerInfoResponse own = facts;
              *own.mutable_caller() = DescribeCaller(context->principal());
              return RunCached(std::move(context),
                               ipc::Query::kDescribeLibraries,
                               WithFacts(own.SerializeAsString()), response);
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
