// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_CALLER_AUTHENTICATOR_H_
#define SERVER_IDENTITY_CALLER_AUTHENTICATOR_H_

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/principal.h"
#include "server/base/watched_file.h"
#include "server/config.h"
#include "server/identity/jwt_verifier.h"
#include "server/identity/token_list.h"
#include "server/rpc/authenticator.h"

namespace dissectd::server {

// Finds out who sends a call, in the ways that the configuration allows: by the
// token that comes with the call, otherwise by the client's certificate,
// otherwise by the user at the other end of a Unix socket. If that is a proxy
// which the daemon trusts, the caller is the one that the proxy names. A call
// with a token that is wrong is refused, whatever else it shows, and so is one
// that names a caller and doesn't come from such a proxy.
class CallerAuthenticator final : public Authenticator {
 public:
  // Returns null if the configuration doesn't ask for identities. `users` is
  // not owned and outlives this; it is null if users aren't known. Errors: a
  // message for the operator.
  static absl::StatusOr<std::unique_ptr<Authenticator>> Open(
      const IdentityConfig& config, const PeerUsers* users);

  absl::StatusOr<Principal> Authenticate(
      const CallEvidence& evidence) const override;

 private:
  CallerAuthenticator() = default;

  absl::StatusOr<Principal> CallerWithToken(absl::string_view authorization,
                                            absl::Time now) const;
  // Returns whom the connection itself identifies, if anyone.
  absl::StatusOr<std::optional<Principal>> CallerOfConnection(
      const CallEvidence& evidence) const;
  std::optional<Principal> UnixCaller(absl::string_view peer) const;
  bool IsTrustedProxy(const Principal& principal) const {
    return trusted_proxies_.count(principal.id) > 0;
  }
  // The error of a call that shows nothing.
  absl::Status NothingShown() const;

  // Null if there are none.
  std::unique_ptr<WatchedValue<TokenList>> tokens_;
  std::unique_ptr<JwtVerifier> jwt_;
  const PeerUsers* users_ = nullptr;
  bool certificates_ = false;
  std::set<std::string> trusted_proxies_;
};

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_CALLER_AUTHENTICATOR_H_
