// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_POLICY_CHECK_H_
#define SERVER_POLICY_POLICY_CHECK_H_

#include "absl/status/status.h"
#include "dissectd/v1/server.pb.h"
#include "server/base/principal.h"
#include "server/policy/policy_access.h"
#include "server/policy/resource_access.h"

namespace dissectd::server {

// Answers CheckPolicy for a caller. `policy` is null if the daemon has none,
// and is that of `resources`. May block on the file system. Errors:
// METHOD_UNKNOWN, PERMISSION_MISSING, PRINCIPAL_INVALID, those of
// ResourceAccess::CheckNamed for names that no resource has.
absl::Status CheckPolicy(const Principal& caller, const PolicyAccess* policy,
                         const ResourceAccess& resources,
                         const v1::CheckPolicyRequest& request,
                         v1::CheckPolicyResponse* response);

// Describes a caller, with its roles if there is a policy.
v1::Caller DescribeCaller(const Principal& caller, const PolicyAccess* policy);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_POLICY_CHECK_H_
