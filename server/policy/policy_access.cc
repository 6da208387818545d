// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/policy_access.h"

#include "absl/memory/memory.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/operator_file.h"
#include "server/policy/permissions.h"
#include "server/policy/policy_parser.h"
#include "server/policy/role_filters.h"

namespace dissectd::server {
namespace {

absl::StatusOr<Policy> ReadPolicy(const OperatorFile& file,
                                  const std::string& filter_compiler) {
  ASSIGN_OR_RETURN(Policy policy, ParsePolicy(file.content));
  RETURN_IF_ERROR(CheckCaptureFilters(policy, filter_compiler));
  return policy;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PolicyAccess>> PolicyAccess::Open(
    const std::string& file, const std::string& filter_compiler) {
  ASSIGN_OR_RETURN(std::unique_ptr<WatchedValue<Policy>> policy,
                   WatchedValue<Policy>::Open(
                       file, [filter_compiler](const OperatorFile& content) {
                         return ReadPolicy(content, filter_compiler);
                       }));
  // make_unique can't call the private constructor.
  return absl::WrapUnique(new PolicyAccess(std::move(policy)));
}

absl::Status PolicyAccess::CheckMethod(const Principal& principal,
                                       const Method& method) const {
  const MethodRule* rule = FindMethodRule(method.name);
  if (rule == nullptr) return errors::MethodUnknown(method.name);
  if (policy()->Permits({principal, method.name}, rule->permission)) {
    return absl::OkStatus();
  }
  return errors::PermissionMissing(rule->permission, "");
}

}  // namespace dissectd::server
