// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/server_service.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "server/policy/policy_check.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

// Adds the daemon's facts to the engines' answers. They are the whole response
// if no engine has ever answered. There is no response about an unknown engine.
UnaryQueryCall::PostProcess WithFacts(const std::string& facts) {
  return [facts](const absl::StatusOr<grpc::ByteBuffer>& answer,
                 UnaryQueryCall::Done done) {
    if (absl::IsNotFound(answer.status())) return done(answer.status());
    done(JoinMessages(facts, answer.ok() ? *answer : grpc::ByteBuffer()));
  };
}

}  // namespace

ServerService::ServerService(const RpcService::Deps& deps,
                             const QueryDeps& queries,
                             const v1::GetServerInfoResponse& facts,
                             const PolicyAccess* policy,
                             const ResourceAccess* access,
                             DiagnosticSources diagnostics)
    : QueryService(deps, queries, "dissectd.v1.ServerService"),
      policy_(policy),
      access_(access),
      diagnostics_(std::move(diagnostics)) {
  BindUnary("GetServerInfo", WorkerUse::kNone,
            [this, facts](Context context, const grpc::ByteBuffer&,
                          grpc::ByteBuffer* response) {
              v1::GetServerInfoResponse own = facts;
              *own.mutable_caller() =
                  DescribeCaller(context->principal(), policy_);
              *own.mutable_time() = TimestampNow();
              UnaryQueryCall* call = UnaryQueryCall::Create(
                  this->queries(), std::move(context), response);
              call->RunCachedOfAll(ipc::Query::kDescribeLibraries,
                                   WithFacts(own.SerializeAsString()));
              return call;
            });
  BindOnPool("CheckPolicy", &ServerService::CheckPolicy);
  BindOnPool("GetDiagnostics", &ServerService::GetDiagnostics);
}

absl::Status ServerService::CheckPolicy(CallContext* context,
                                        const v1::CheckPolicyRequest& request,
                                        v1::CheckPolicyResponse* response) {
  return server::CheckPolicy(context->principal(), policy_, *access_, request,
                             response);
}

absl::Status ServerService::GetDiagnostics(
    CallContext*, const v1::GetDiagnosticsRequest&,
    v1::GetDiagnosticsResponse* response) {
  response->set_process_id(getpid());
  *response->mutable_start_time() = start_time_;
  struct utsname kernel = {};
  if (uname(&kernel) == 0) {
    response->set_kernel(
        absl::StrCat(kernel.sysname, " ", kernel.release, " ", kernel.machine));
  }
  for (const ChangedOption& changed : diagnostics_.options) {
    v1::DaemonOption* option = response->add_options();
    option->set_name(changed.name);
    for (const std::string& value : changed.values) {
      // A path can have any bytes.
      option->add_values(MakeValidUtf8(value));
    }
  }
  response->set_metrics(diagnostics_.metrics());
  for (std::string& line : diagnostics_.log->Lines()) {
    response->add_log_lines(std::move(line));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
