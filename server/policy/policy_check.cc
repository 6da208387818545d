// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/policy_check.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/policy/permissions.h"
#include "server/policy/principal_name.h"

namespace dissectd::server {
namespace {

v1::Authentication ToProto(Authentication authentication) {
  switch (authentication) {
    case Authentication::kNone:
      return v1::AUTHENTICATION_NONE;
    case Authentication::kToken:
      return v1::AUTHENTICATION_TOKEN;
    case Authentication::kJwt:
      return v1::AUTHENTICATION_JWT;
    case Authentication::kCertificate:
      return v1::AUTHENTICATION_CERTIFICATE;
    case Authentication::kUnixUser:
      return v1::AUTHENTICATION_UNIX_USER;
    case Authentication::kProxy:
      return v1::AUTHENTICATION_PROXY;
  }
  return v1::AUTHENTICATION_UNSPECIFIED;
}

// A group or `*` is none: who asks about groups names them as such.
absl::Status CheckPrincipalIn(const v1::CheckPolicyRequest& request) {
  const std::string& principal = request.principal();
  std::string why = WhyNoPrincipal(principal);
  if (principal == "*" || absl::StartsWith(principal, "group:")) {
    why = "isn't one principal; name groups in the request's \"groups\"";
  }
  if (why.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The principal \"", principal, "\" ", why, "."),
                   {"PRINCIPAL_INVALID", {{"principal", principal}}, {}});
}

// Returns the principal that a request asks about.
absl::StatusOr<Principal> PrincipalIn(const v1::CheckPolicyRequest& request,
                                      const Principal& caller,
                                      const Policy& policy) {
  const bool is_caller =
      request.principal().empty() || request.principal() == caller.id;
  if (is_caller && request.groups().empty()) return caller;
  if (!policy.Permits({caller, "dissectd.v1.ServerService/CheckPolicy"},
                      permissions::kPolicyCheck)) {
    return errors::PermissionMissing(permissions::kPolicyCheck,
                                     request.principal());
  }
  if (!is_caller) RETURN_IF_ERROR(CheckPrincipalIn(request));
  Principal principal;
  principal.id = is_caller ? caller.id : request.principal();
  principal.groups = {request.groups().begin(), request.groups().end()};
  // Any way of proving it, as a policy doesn't tell them apart.
  principal.authentication = Authentication::kToken;
  return principal;
}

std::string Explain(const std::vector<const Role*>& granting,
                    const std::vector<const Role*>& all,
                    absl::string_view permission) {
  if (all.empty()) return "No role is bound to the principal.";
  const auto& roles = granting.empty() ? all : granting;
  const std::string names = absl::StrJoin(
      roles, ", ",
      [](std::string* out, const Role* role) { out->append(role->name); });
  return granting.empty()
             ? absl::StrCat("No role of the principal (", names,
                            ") gives the permission ", permission, " here.")
             : absl::StrCat("The permission ", permission,
                            " comes from the role ", names, ".");
}

}  // namespace

absl::Status CheckPolicy(const Principal& caller, const PolicyAccess* policy,
                         const ResourceAccess& resources,
                         const v1::CheckPolicyRequest& request,
                         v1::CheckPolicyResponse* response) {
  const MethodRule* rule = FindMethodRule(request.method());
  if (rule == nullptr) return errors::MethodUnknown(request.method());
  response->set_permission(std::string(rule->permission));
  if (policy == nullptr) {
    response->set_allowed(true);
    response->set_explanation("The daemon has no policy.");
    return absl::OkStatus();
  }
  const std::shared_ptr<const Policy> current = policy->policy();
  ASSIGN_OR_RETURN(const Principal principal,
                   PrincipalIn(request, caller, *current));
  const Actor actor = {principal, rule->method};
  const std::vector<const Role*> all = current->RolesOf(principal);
  const std::vector<const Role*> granting =
      current->Granting(actor, rule->permission);
  response->set_allowed(!granting.empty());
  response->set_explanation(Explain(granting, all, rule->permission));
  for (const Role* role : granting.empty() ? all : granting) {
    response->add_roles(role->name);
  }
  if (granting.empty() || request.resource().empty()) return absl::OkStatus();
  const absl::Status status = resources.CheckNamed(actor, request.resource());
  if (status.ok()) return absl::OkStatus();
  if (!absl::IsPermissionDenied(status)) return status;
  response->set_allowed(false);
  response->set_explanation(absl::StrCat(
      "The roles of the principal don't reach the resource. To the principal, "
      "the daemon would say: ",
      status.message()));
  return absl::OkStatus();
}

v1::Caller DescribeCaller(const Principal& caller, const PolicyAccess* policy) {
  v1::Caller description;
  description.set_principal(caller.id);
  description.set_authentication(ToProto(caller.authentication));
  for (const std::string& group : caller.groups) {
    description.add_groups(group);
  }
  if (policy == nullptr) return description;
  const std::shared_ptr<const Policy> current = policy->policy();
  for (const Role* role : current->RolesOf(caller)) {
    description.add_roles(role->name);
  }
  return description;
}

}  // namespace dissectd::server
