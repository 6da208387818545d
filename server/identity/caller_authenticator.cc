// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/caller_authenticator.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "server/base/identity_errors.h"
#include "server/base/operator_file.h"
#include "server/identity/bearer_token.h"
#include "server/identity/certificate_caller.h"
#include "server/identity/proxied_caller.h"

namespace dissectd::server {

absl::StatusOr<std::unique_ptr<Authenticator>> CallerAuthenticator::Open(
    const IdentityConfig& config, const PeerUsers* users) {
  if (config.token_file.empty() && config.jwt_keys.empty() &&
      !config.certificates && !config.unix_users &&
      config.trusted_proxies.empty()) {
    return nullptr;
  }
  // make_unique can't call the private constructor.
  auto authenticator = absl::WrapUnique(new CallerAuthenticator);
  if (!config.token_file.empty()) {
    ASSIGN_OR_RETURN(authenticator->tokens_,
                     WatchedValue<TokenList>::Open(
                         config.token_file, [](const OperatorFile& file) {
                           return TokenList::Parse(file.content);
                         }));
  }
  if (!config.jwt_keys.empty()) {
    ASSIGN_OR_RETURN(authenticator->jwt_, JwtVerifier::Open(config));
  }
  authenticator->certificates_ = config.certificates;
  ASSIGN_OR_RETURN(authenticator->trusted_proxies_, TrustedProxies(config));
  if (config.unix_users) {
    if (users == nullptr) {
      return absl::UnimplementedError(
          "the users of Unix sockets can't be identified here");
    }
    authenticator->users_ = users;
  }
  return authenticator;
}

absl::StatusOr<Principal> CallerAuthenticator::Authenticate(
    const CallEvidence& evidence) const {
  const bool has_token = !evidence.authorization.empty();
  if (has_token && evidence.named.empty()) {
    return CallerWithToken(evidence.authorization, absl::Now());
  }
  ASSIGN_OR_RETURN(std::optional<Principal> caller,
                   CallerOfConnection(evidence));
  const bool is_proxy = caller.has_value() && IsTrustedProxy(*caller);
  if (!is_proxy && !evidence.named.empty()) return errors::ProxyNotTrusted();
  if (has_token) return CallerWithToken(evidence.authorization, absl::Now());
  if (is_proxy) return ProxiedCaller(evidence.named);
  if (caller.has_value()) return *std::move(caller);
  return NothingShown();
}

absl::StatusOr<std::optional<Principal>>
CallerAuthenticator::CallerOfConnection(const CallEvidence& evidence) const {
  if (certificates_ && evidence.tls != nullptr) {
    ASSIGN_OR_RETURN(std::optional<Principal> caller,
                     CertificateCaller(*evidence.tls));
    if (caller.has_value()) return caller;
  }
  return UnixCaller(evidence.peer);
}

absl::StatusOr<Principal> CallerAuthenticator::CallerWithToken(
    absl::string_view authorization, absl::Time now) const {
  ASSIGN_OR_RETURN(const absl::string_view token, BearerToken(authorization));
  // Tokens of the file have no dots.
  if (jwt_ != nullptr &&
      (tokens_ == nullptr || absl::StrContains(token, '.'))) {
    return jwt_->Verify(token, now);
  }
  if (tokens_ == nullptr) {
    return errors::Unidentified("tokens_not_accepted",
                                "The daemon accepts no tokens.");
  }
  const std::shared_ptr<const TokenList> tokens = tokens_->Get();
  const TokenOwner* owner = tokens->Find(token);
  if (owner == nullptr) {
    return errors::Unidentified("token_unknown",
                                "The call's token is unknown.");
  }
  if (owner->expiry <= now) return errors::TokenExpired();
  Principal caller;
  caller.id = absl::StrCat("token:", owner->name);
  caller.authentication = Authentication::kToken;
  caller.groups = owner->groups;
  return caller;
}

std::optional<Principal> CallerAuthenticator::UnixCaller(
    absl::string_view peer) const {
  if (users_ == nullptr) return std::nullopt;
  const std::optional<uint32_t> user = users_->UserOf(peer);
  if (!user.has_value()) return std::nullopt;
  Principal caller;
  caller.id = absl::StrCat("unix:", *user);
  caller.authentication = Authentication::kUnixUser;
  return caller;
}

absl::Status CallerAuthenticator::NothingShown() const {
  std::vector<const char*> missing;
  if (tokens_ != nullptr || jwt_ != nullptr) missing.push_back("token");
  if (certificates_) missing.push_back("client certificate");
  if (users_ != nullptr) missing.push_back("user of a Unix socket");
  return errors::Unidentified(
      "nothing_shown", absl::StrCat("The call has no ",
                                    absl::StrJoin(missing, " and no "), "."));
}

}  // namespace dissectd::server
