// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_AUTHORIZATION_H_
#define SERVER_POLICY_AUTHORIZATION_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/audit_log.h"
#include "server/config.h"
#include "server/policy/policy_access.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call_observer.h"
#include "server/store/file_owners.h"

namespace dissectd::server {

// Owns what decides and records who may do what. Thread-safe.
class Authorization {
 public:
  // `root` is the open folder of the store, and outlives this. Errors: a
  // message for the operator, also if callers are identified but there is no
  // policy, or the other way round.
  static absl::StatusOr<std::unique_ptr<Authorization>> Create(
      const IdentityConfig& config, int root);

  // Null if the daemon has no policy.
  const PolicyAccess* policy() const { return policy_.get(); }
  const ResourceAccess* resources() const { return &resources_; }
  FileOwners* owners() { return &owners_; }

  // Returns the observers of calls: `first`, and that which writes the audit
  // log, unless the daemon has neither a policy nor an audit log.
  std::vector<CallObserver*> ObserversWith(
      std::vector<CallObserver*> others) const;

  // Writes the rest of the audit log.
  void Stop();

 private:
  Authorization(int root, std::unique_ptr<PolicyAccess> policy,
                std::unique_ptr<AuditLog> audit_log);

  const std::unique_ptr<PolicyAccess> policy_;
  const std::unique_ptr<AuditLog> audit_log_;
  FileOwners owners_;
  const ResourceAccess resources_;
};

}  // namespace dissectd::server

#endif  // SERVER_POLICY_AUTHORIZATION_H_
