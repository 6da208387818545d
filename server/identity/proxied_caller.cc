// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/proxied_caller.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/base/identity_errors.h"
#include "server/identity/plain_name.h"

namespace dissectd::server {
namespace {

absl::Status WrongProxy(const std::string& proxy, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("--trusted-proxy=", proxy, " ", why));
}

absl::Status CheckProxy(const std::string& proxy,
                        const IdentityConfig& config) {
  absl::string_view name = proxy;
  if (absl::ConsumePrefix(&name, "certificate:")) {
    if (!IsPlainName(name)) {
      return WrongProxy(proxy, "isn't the plain name of a certificate");
    }
    if (config.certificates) return absl::OkStatus();
    return WrongProxy(proxy, "needs --identify-certificates");
  }
  if (absl::ConsumePrefix(&name, "unix:")) {
    uint32_t user = 0;
    if (!absl::SimpleAtoi(name, &user) || absl::StrCat(user) != name) {
      return WrongProxy(
          proxy,
          "doesn't have the number of a user, which \"id -u USER\" prints");
    }
    if (config.unix_users) return absl::OkStatus();
    return WrongProxy(proxy, "needs --identify-unix-users");
  }
  return WrongProxy(proxy, "is neither certificate:NAME nor unix:UID");
}

// A proxy that receives a header twice may join its values with a comma, and
// the alternative names of a certificate are often written like this.
bool IsOneName(absl::string_view text) {
  return IsPlainName(text) && !absl::StrContains(text, ',');
}

absl::StatusOr<std::vector<std::string>> GroupsIn(const NamedCaller& named) {
  std::vector<std::string> groups;
  if (named.groups.empty()) return groups;
  if (named.groups.size() == 1) {
    groups = absl::StrSplit(named.groups[0], ',');
    if (std::all_of(groups.begin(), groups.end(), IsPlainName)) return groups;
  }
  return errors::Unidentified(
      "proxy_groups_invalid",
      absl::StrCat("The proxy's metadata \"", kCallerGroupsKey,
                   "\" isn't one list of names of groups with commas, and "
                   "without blanks, between them."));
}

}  // namespace

absl::StatusOr<std::set<std::string>> TrustedProxies(
    const IdentityConfig& config) {
  for (const std::string& proxy : config.trusted_proxies) {
    RETURN_IF_ERROR(CheckProxy(proxy, config));
  }
  return std::set<std::string>(config.trusted_proxies.begin(),
                               config.trusted_proxies.end());
}

absl::StatusOr<Principal> ProxiedCaller(const NamedCaller& named) {
  if (named.names.empty()) {
    return errors::Unidentified(
        "proxy_names_nobody",
        "The proxy hasn't identified the caller: log in at the proxy, or send "
        "the daemon a token.");
  }
  if (named.names.size() > 1 || !IsOneName(named.names[0])) {
    return errors::Unidentified(
        "proxy_name_invalid",
        absl::StrCat("The proxy's metadata \"", kCallerNameKey,
                     "\" isn't one plain name: 1 to 255 characters of ASCII "
                     "without blanks and commas."));
  }
  Principal caller;
  caller.id = absl::StrCat("proxy:", named.names[0]);
  caller.authentication = Authentication::kProxy;
  ASSIGN_OR_RETURN(caller.groups, GroupsIn(named));
  return caller;
}

}  // namespace dissectd::server
