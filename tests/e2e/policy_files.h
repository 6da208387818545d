// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_POLICY_FILES_H_
#define TESTS_E2E_POLICY_FILES_H_

#include <grpcpp/client_context.h>

#include <string>
#include <vector>

#include "tests/e2e/daemon_process.h"

namespace dissectd {

// Tokens of callers with each of the shipped roles. The principal of the first
// is `token:viewer`, and so on.
inline constexpr char kViewer[] =
    "viewer-token-0123456789abcdef0123456789abcdef";
inline constexpr char kAnalyst[] =
    "analyst-token-0123456789abcdef0123456789abcdef";
inline constexpr char kCapturer[] =
    "capturer-token-0123456789abcdef0123456789abcdef";
inline constexpr char kAdmin[] = "admin-token-0123456789abcdef0123456789abcdef";
// A caller that may do what an analyst may, but only in the folder `lab`.
inline constexpr char kLab[] = "lab-token-0123456789abcdef0123456789abcdef";
// A caller without a role.
inline constexpr char kNobody[] =
    "nobody-token-0123456789abcdef0123456789abcdef";

// Adds a token to a call.
void Authorize(grpc::ClientContext* context, const std::string& token);

// The files of a daemon that permits what the shipped roles say.
class PolicyFiles {
 public:
  PolicyFiles();

  std::vector<std::string> Arguments() const;
  std::string TokenOption() const;
  std::string PolicyOption() const;
  // The path of the audit log.
  std::string AuditLog() const { return folder_.path() + "/audit.log"; }

  // Replaces the policy at once.
  void WritePolicy(const std::string& text) const;

 private:
  const TemporaryFolder folder_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_POLICY_FILES_H_
