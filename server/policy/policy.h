// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_POLICY_H_
#define SERVER_POLICY_POLICY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/principal.h"

namespace dissectd::server {

// A set of permissions, with the resources that they are for. In all patterns,
// `*` stands for any characters.
struct Role {
  std::string name;
  // Patterns of permissions.
  std::vector<std::string> permissions;
  // Patterns of the methods in whose calls the role counts. Empty: all.
  std::vector<std::string> methods;
  // Files and folders of the store; `*` is the whole store.
  std::vector<std::string> paths;
  // Patterns of the names of interfaces.
  std::vector<std::string> interfaces;
  // The capture filter that captures by this role have; empty for none.
  std::string capture_filter;
};

// Gives roles to principals.
struct Binding {
  // As for NamesPrincipal.
  std::vector<std::string> principals;
  // The names of roles.
  std::vector<std::string> roles;
};

// Whether `name` stands for the principal: it is the principal's id, `group:`
// and the name of one of its groups, or `*`. Nothing stands for a principal
// that isn't identified.
bool NamesPrincipal(absl::string_view name, const Principal& principal);

// A principal and the method that it calls. Refers to both, which outlive it.
struct Actor {
  const Principal& principal;
  absl::string_view method;
};

// What the operator permits. What no role permits is denied. The rights of
// several roles of a principal add up. Immutable.
class Policy {
 public:
  Policy(std::vector<Role> roles, std::vector<Binding> bindings)
      : roles_(std::move(roles)), bindings_(std::move(bindings)) {}

  const std::vector<Role>& roles() const { return roles_; }

  // Returns the roles of a principal, which live as long as the policy.
  std::vector<const Role*> RolesOf(const Principal& principal) const;

  // Returns the roles that give the actor a permission.
  std::vector<const Role*> Granting(const Actor& actor,
                                    absl::string_view permission) const;

  bool Permits(const Actor& actor, absl::string_view permission) const {
    return !Granting(actor, permission).empty();
  }
  // Whether a role that gives the permission has the path in the store.
  bool PermitsPath(const Actor& actor, absl::string_view permission,
                   absl::string_view path) const;
  // Whether PermitsPath is true for any path in the folder.
  bool PermitsSomeIn(const Actor& actor, absl::string_view permission,
                     absl::string_view folder) const;
  bool PermitsInterface(const Actor& actor, absl::string_view permission,
                        absl::string_view interface) const;

  // Returns the capture filters of the roles that permit capturing from the
  // interface. Packets must pass one of them. Empty if one of the roles has no
  // filter, or none permits it.
  std::vector<std::string> CaptureFilters(const Actor& actor,
                                          absl::string_view interface) const;

 private:
  std::vector<Role> roles_;
  std::vector<Binding> bindings_;
};

// Whether the text matches a pattern, in which `*` stands for any characters.
bool MatchesPattern(absl::string_view pattern, absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_POLICY_H_
