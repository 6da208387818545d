// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_PROXIED_CALLER_H_
#define SERVER_IDENTITY_PROXIED_CALLER_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/principal.h"
#include "server/config.h"
#include "server/rpc/authenticator.h"

namespace dissectd::server {

// Returns the ids of the principals that may name other callers. Errors: a
// message for the operator, if the daemon would never identify one of them.
absl::StatusOr<std::set<std::string>> TrustedProxies(
    const IdentityConfig& config);

// Returns the caller that a trusted proxy names: `proxy:` and the name. Callers
// that the daemon identifies itself have other ids. Errors: UNAUTHENTICATED, if
// the proxy names nobody, more than one caller, or one whose name isn't plain.
absl::StatusOr<Principal> ProxiedCaller(const NamedCaller& named);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_PROXIED_CALLER_H_
