// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_claims.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/identity_errors.h"
#include "server/base/strict_json.h"
#include "server/identity/plain_name.h"

namespace dissectd::server {
namespace {

using nlohmann::json;

constexpr double kSkewSeconds = 60;

absl::Status Malformed(absl::string_view claim, absl::string_view expected) {
  return errors::Unidentified(
      "token_malformed",
      absl::StrCat("The claim \"", claim, "\" of the call's token isn't ",
                   expected, "."));
}

// Checks that a time, if there is one, isn't later than `now`.
absl::Status CheckBegun(const json& claims, const char* name, double now) {
  const auto found = claims.find(name);
  if (found == claims.end()) return absl::OkStatus();
  if (!found->is_number()) return Malformed(name, "a number");
  if (found->get<double>() <= now + kSkewSeconds) return absl::OkStatus();
  return errors::Unidentified("token_not_yet_valid",
                              "The call's token isn't valid yet.");
}

absl::Status CheckTimes(const json& claims, double now) {
  const auto expiry = claims.find("exp");
  if (expiry == claims.end()) {
    return errors::Unidentified("token_without_expiry",
                                "The call's token has no expiry (exp).");
  }
  if (!expiry->is_number()) return Malformed("exp", "a number");
  if (expiry->get<double>() + kSkewSeconds <= now) {
    return errors::TokenExpired();
  }
  RETURN_IF_ERROR(CheckBegun(claims, "nbf", now));
  return CheckBegun(claims, "iat", now);
}

// The audience is a text, or an array of several.
absl::Status CheckAudience(const json& claims, const std::string& expected) {
  const auto found = claims.find("aud");
  const bool matches =
      found != claims.end() &&
      (*found == expected ||
       (found->is_array() &&
        std::find(found->begin(), found->end(), expected) != found->end()));
  if (matches) return absl::OkStatus();
  return errors::Unidentified("audience_wrong",
                              "The call's token is for another audience.");
}

absl::Status CheckIssuer(const json& claims, const std::string& expected) {
  if (expected.empty() || StringMember(claims, "iss") == expected) {
    return absl::OkStatus();
  }
  return errors::Unidentified("issuer_wrong",
                              "The call's token is from another issuer.");
}

absl::StatusOr<std::vector<std::string>> GroupsIn(const json& claims) {
  std::vector<std::string> groups;
  const auto found = claims.find("groups");
  if (found == claims.end()) return groups;
  constexpr char kTexts[] = "an array of texts";
  if (!found->is_array()) return Malformed("groups", kTexts);
  for (const json& group : *found) {
    if (!group.is_string()) return Malformed("groups", kTexts);
    auto name = group.get<std::string>();
    if (IsPlainName(name)) groups.push_back(std::move(name));
  }
  return groups;
}

}  // namespace

absl::StatusOr<Principal> CallerInClaims(absl::string_view claims,
                                         const ExpectedClaims& expected,
                                         absl::Time now) {
  const absl::StatusOr<json> object = ParseJsonObject(claims);
  if (!object.ok()) {
    return errors::Unidentified(
        "token_malformed",
        "The claims of the call's token aren't a well-formed JSON object.");
  }
  RETURN_IF_ERROR(
      CheckTimes(*object, absl::ToDoubleSeconds(now - absl::UnixEpoch())));
  RETURN_IF_ERROR(CheckAudience(*object, expected.audience));
  RETURN_IF_ERROR(CheckIssuer(*object, expected.issuer));
  if (!object->contains("sub")) {
    return errors::Unidentified("subject_invalid",
                                "The call's token has no subject (sub).");
  }
  const std::optional<std::string> subject = StringMember(*object, "sub");
  if (!subject.has_value() || !IsPlainName(*subject)) {
    return errors::Unidentified(
        "subject_invalid",
        "The subject (sub) of the call's token isn't a plain name: 1 to 255 "
        "characters of ASCII without blanks.");
  }
  Principal caller;
  caller.id = absl::StrCat("jwt:", *subject);
  caller.authentication = Authentication::kJwt;
  ASSIGN_OR_RETURN(caller.groups, GroupsIn(*object));
  return caller;
}

}  // namespace dissectd::server
