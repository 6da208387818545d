// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/authorization.h"

#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "core/base/status_macros.h"
#include "server/process/program_paths.h"

namespace dissectd::server {
namespace {

bool IdentifiesCallers(const IdentityConfig& config) {
  return !config.token_file.empty() || !config.jwt_keys.empty() ||
         config.certificates || config.unix_users;
}

absl::Status CheckOptions(const IdentityConfig& config) {
  if (IdentifiesCallers(config) && config.policy.empty()) {
    return absl::InvalidArgumentError(
        "callers are identified, but no --policy says what they may do: "
        "nobody could do anything");
  }
  if (!IdentifiesCallers(config) && !config.policy.empty()) {
    return absl::InvalidArgumentError(
        "--policy needs an option that identifies callers, such as "
        "--token-file: nobody could do anything");
  }
  return absl::OkStatus();
}

}  // namespace

Authorization::Authorization(int root, std::unique_ptr<PolicyAccess> policy,
                             std::unique_ptr<AuditLog> audit_log)
    : policy_(std::move(policy)),
      audit_log_(std::move(audit_log)),
      owners_(root),
      resources_(policy_.get(), &owners_) {}

absl::StatusOr<std::unique_ptr<Authorization>> Authorization::Create(
    const IdentityConfig& config, int root) {
  RETURN_IF_ERROR(CheckOptions(config));
  std::unique_ptr<PolicyAccess> policy;
  if (!config.policy.empty()) {
    ASSIGN_OR_RETURN(const std::string filter_compiler,
                     FindCaptureFilterCompiler());
    ASSIGN_OR_RETURN(policy,
                     PolicyAccess::Open(config.policy, filter_compiler));
  }
  std::unique_ptr<AuditLog> audit_log;
  if (policy != nullptr || !config.audit_log.empty()) {
    ASSIGN_OR_RETURN(audit_log, AuditLog::Open(config.audit_log));
  }
  // make_unique can't call the private constructor.
  return absl::WrapUnique(
      new Authorization(root, std::move(policy), std::move(audit_log)));
}

std::vector<CallObserver*> Authorization::ObserversWith(
    std::vector<CallObserver*> others) const {
  if (audit_log_ != nullptr) others.push_back(audit_log_.get());
  return others;
}

void Authorization::Stop() {
  if (audit_log_ != nullptr) audit_log_->Stop();
}

}  // namespace dissectd::server
