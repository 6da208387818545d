// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_POLICY_ACCESS_H_
#define SERVER_POLICY_POLICY_ACCESS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/watched_file.h"
#include "server/policy/policy.h"
#include "server/rpc/access_control.h"

namespace dissectd::server {

// The operator's policy, read from a file whenever that changes. A policy that
// can't be used is logged, and the one before stays in force. Thread-safe.
class PolicyAccess final : public AccessControl {
 public:
  // `filter_compiler` is the path of capture-filter-compiler. Errors: those of
  // WatchedFile::Open, ParsePolicy and CheckCaptureFilters.
  static absl::StatusOr<std::unique_ptr<PolicyAccess>> Open(
      const std::string& file, const std::string& filter_compiler);

  absl::Status CheckMethod(const Principal& principal,
                           const Method& method) const override;

  // Returns the policy that is in force now; never null.
  std::shared_ptr<const Policy> policy() const { return policy_->Get(); }

 private:
  explicit PolicyAccess(std::unique_ptr<WatchedValue<Policy>> policy)
      : policy_(std::move(policy)) {}

  const std::unique_ptr<WatchedValue<Policy>> policy_;
};

}  // namespace dissectd::server

#endif  // SERVER_POLICY_POLICY_ACCESS_H_
