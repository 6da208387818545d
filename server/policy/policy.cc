// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/policy.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/policy/permissions.h"

namespace dissectd::server {
namespace {

bool MatchesAny(const std::vector<std::string>& patterns,
                absl::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [text](const std::string& pattern) {
                       return MatchesPattern(pattern, text);
                     });
}

// Whether the path is that of the file or folder `place`, or is below it.
bool IsAt(absl::string_view place, absl::string_view path) {
  if (place == "*") return true;
  absl::ConsumeSuffix(&place, "/");
  return absl::ConsumePrefix(&path, place) &&
         (path.empty() || path.front() == '/');
}

bool Binds(const Binding& binding, const Principal& principal) {
  return std::any_of(binding.principals.begin(), binding.principals.end(),
                     [&principal](const std::string& name) {
                       return NamesPrincipal(name, principal);
                     });
}

}  // namespace

// Goes back to the last `*` only, which is enough, so the time is bounded by
// the product of the lengths.
bool MatchesPattern(absl::string_view pattern, absl::string_view text) {
  size_t at = 0;
  size_t star = absl::string_view::npos;
  size_t star_text = 0;
  size_t i = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_text = i;
    } else if (at < pattern.size() && pattern[at] == text[i]) {
      ++at;
      ++i;
    } else if (star != absl::string_view::npos) {
      at = star + 1;
      i = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == absl::string_view::npos;
}

bool NamesPrincipal(absl::string_view name, const Principal& principal) {
  if (principal.authentication == Authentication::kNone) return false;
  if (absl::ConsumePrefix(&name, "group:")) {
    return std::find(principal.groups.begin(), principal.groups.end(), name) !=
           principal.groups.end();
  }
  return name == "*" || name == principal.id;
}

std::vector<const Role*> Policy::RolesOf(const Principal& principal) const {
  std::vector<const Role*> roles;
  for (const Role& role : roles_) {
    const bool bound = std::any_of(
        bindings_.begin(), bindings_.end(), [&](const Binding& binding) {
          return std::find(binding.roles.begin(), binding.roles.end(),
                           role.name) != binding.roles.end() &&
                 Binds(binding, principal);
        });
    if (bound) roles.push_back(&role);
  }
  return roles;
}

std::vector<const Role*> Policy::Granting(const Actor& actor,
                                          absl::string_view permission) const {
  std::vector<const Role*> roles;
  for (const Role* role : RolesOf(actor.principal)) {
    if (MatchesAny(role->permissions, permission) &&
        (role->methods.empty() || MatchesAny(role->methods, actor.method))) {
      roles.push_back(role);
    }
  }
  return roles;
}

bool Policy::PermitsPath(const Actor& actor, absl::string_view permission,
                         absl::string_view path) const {
  const std::vector<const Role*> roles = Granting(actor, permission);
  return std::any_of(roles.begin(), roles.end(), [path](const Role* role) {
    return std::any_of(
        role->paths.begin(), role->paths.end(),
        [path](const std::string& place) { return IsAt(place, path); });
  });
}

bool Policy::PermitsSomeIn(const Actor& actor, absl::string_view permission,
                           absl::string_view folder) const {
  const std::vector<const Role*> roles = Granting(actor, permission);
  return std::any_of(roles.begin(), roles.end(), [folder](const Role* role) {
    return std::any_of(role->paths.begin(), role->paths.end(),
                       [folder](const std::string& place) {
                         return IsAt(place, folder) || IsAt(folder, place);
                       });
  });
}

bool Policy::PermitsInterface(const Actor& actor, absl::string_view permission,
                              absl::string_view interface) const {
  const std::vector<const Role*> roles = Granting(actor, permission);
  return std::any_of(roles.begin(), roles.end(), [interface](const Role* role) {
    return MatchesAny(role->interfaces, interface);
  });
}

std::vector<std::string> Policy::CaptureFilters(
    const Actor& actor, absl::string_view interface) const {
  std::vector<std::string> filters;
  for (const Role* role : Granting(actor, permissions::kCapturesCreate)) {
    if (!MatchesAny(role->interfaces, interface)) continue;
    if (role->capture_filter.empty()) return {};
    filters.push_back(role->capture_filter);
  }
  return filters;
}

}  // namespace dissectd::server
