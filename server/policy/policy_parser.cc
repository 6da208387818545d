// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/policy_parser.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "server/base/strict_json.h"
#include "server/policy/permissions.h"
#include "server/policy/principal_name.h"

namespace dissectd::server {
namespace {

using Json = nlohmann::json;

// Longer than any name or pattern that makes sense.
constexpr size_t kMaxNameBytes = 1024;
// Two such filters and a client's fit into what libpcap's compiler gets.
constexpr size_t kMaxFilterBytes = 4096;

constexpr char kNoList[] = "isn't a list, which has brackets: [...]";

absl::Status Wrong(absl::string_view place, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(place, " ", what));
}

// Returns why a text is wrong as a value of its place; empty if it isn't.
using Check = std::string (*)(absl::string_view text);

std::string AnyText(absl::string_view) { return ""; }

std::string CheckPermission(absl::string_view pattern) {
  for (const absl::string_view permission : permissions::All()) {
    if (MatchesPattern(pattern, permission)) return "";
  }
  return "matches no permission";
}

std::string CheckMethod(absl::string_view pattern) {
  for (const MethodRule& rule : MethodRules()) {
    if (MatchesPattern(pattern, rule.method)) return "";
  }
  return "matches no method";
}

std::string CheckPath(absl::string_view path) {
  if (path == "*") return "";
  if (absl::StrContains(path, '*')) {
    return "has a \"*\"; only \"*\" alone has a meaning, the whole store";
  }
  if (absl::StartsWith(path, "/") || absl::StartsWith(path, ".")) {
    return "isn't a path below the folder of the store";
  }
  return "";
}

absl::Status CheckText(const Json& value, const std::string& place,
                       size_t max_bytes) {
  if (!value.is_string()) return Wrong(place, "isn't a text");
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty()) return Wrong(place, "is empty");
  if (text.size() > max_bytes) {
    return Wrong(place, absl::StrCat("has more than ", max_bytes, " bytes"));
  }
  if (absl::StrContains(text, '\0')) return Wrong(place, "has a NUL");
  return absl::OkStatus();
}

absl::Status CheckKeys(const Json& object, const std::string& place,
                       std::initializer_list<absl::string_view> known) {
  if (!object.is_object()) return Wrong(place, "isn't an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return Wrong(place,
                   absl::StrCat("has an unknown key \"", key, "\"; there are ",
                                absl::StrJoin(known, ", ")));
    }
  }
  return absl::OkStatus();
}

// Returns the list of texts of an optional key.
absl::StatusOr<std::vector<std::string>> Texts(const Json& object,
                                               const std::string& place,
                                               const char* key, Check check) {
  std::vector<std::string> texts;
  const auto member = object.find(key);
  if (member == object.end()) return texts;
  const std::string list_place = absl::StrCat(place, ".", key);
  if (!member->is_array()) return Wrong(list_place, kNoList);
  for (const Json& value : *member) {
    const std::string item = absl::StrCat(list_place, "[", texts.size(), "]");
    RETURN_IF_ERROR(CheckText(value, item, kMaxNameBytes));
    texts.push_back(value.get<std::string>());
    const std::string why = check(texts.back());
    if (!why.empty()) {
      return Wrong(item, absl::StrCat("\"", texts.back(), "\" ", why));
    }
  }
  return texts;
}

absl::StatusOr<std::vector<std::string>> RequiredTexts(const Json& object,
                                                       const std::string& place,
                                                       const char* key,
                                                       Check check) {
  ASSIGN_OR_RETURN(std::vector<std::string> texts,
                   Texts(object, place, key, check));
  if (texts.empty()) return Wrong(absl::StrCat(place, ".", key), "is missing");
  return texts;
}

absl::StatusOr<Role> ParseRole(const std::string& name, const Json& json) {
  const std::string place = absl::StrCat("roles.", name);
  RETURN_IF_ERROR(CheckText(Json(name), "the name of a role", kMaxNameBytes));
  RETURN_IF_ERROR(CheckKeys(
      json, place,
      {"permissions", "methods", "paths", "interfaces", "capture_filter"}));
  Role role;
  role.name = name;
  ASSIGN_OR_RETURN(role.permissions,
                   RequiredTexts(json, place, "permissions", CheckPermission));
  ASSIGN_OR_RETURN(role.methods, Texts(json, place, "methods", CheckMethod));
  // An empty list would mean all methods, which nobody expects.
  if (json.contains("methods") && role.methods.empty()) {
    return Wrong(place + ".methods", "is empty");
  }
  ASSIGN_OR_RETURN(role.paths, Texts(json, place, "paths", CheckPath));
  ASSIGN_OR_RETURN(role.interfaces, Texts(json, place, "interfaces", AnyText));
  const auto filter = json.find("capture_filter");
  if (filter != json.end()) {
    RETURN_IF_ERROR(
        CheckText(*filter, place + ".capture_filter", kMaxFilterBytes));
    role.capture_filter = filter->get<std::string>();
  }
  return role;
}

absl::StatusOr<std::vector<Role>> ParseRoles(const Json& json) {
  const auto member = json.find("roles");
  if (member == json.end()) return Wrong("roles", "is missing");
  if (!member->is_object()) return Wrong("roles", "isn't an object");
  std::vector<Role> roles;
  for (const auto& [name, value] : member->items()) {
    ASSIGN_OR_RETURN(Role role, ParseRole(name, value));
    roles.push_back(std::move(role));
  }
  return roles;
}

absl::StatusOr<Binding> ParseBinding(const Json& json, const std::string& place,
                                     const std::vector<Role>& roles) {
  RETURN_IF_ERROR(CheckKeys(json, place, {"principals", "roles"}));
  Binding binding;
  ASSIGN_OR_RETURN(binding.principals,
                   RequiredTexts(json, place, "principals", WhyNoPrincipal));
  ASSIGN_OR_RETURN(binding.roles, RequiredTexts(json, place, "roles", AnyText));
  for (const std::string& name : binding.roles) {
    if (std::none_of(roles.begin(), roles.end(),
                     [&name](const Role& role) { return role.name == name; })) {
      return Wrong(place + ".roles",
                   absl::StrCat("names a role \"", name, "\", which is none"));
    }
  }
  return binding;
}

absl::StatusOr<std::vector<Binding>> ParseBindings(
    const Json& json, const std::vector<Role>& roles) {
  const auto member = json.find("bindings");
  if (member == json.end()) return Wrong("bindings", "is missing");
  if (!member->is_array()) return Wrong("bindings", kNoList);
  std::vector<Binding> bindings;
  for (const Json& value : *member) {
    ASSIGN_OR_RETURN(
        Binding binding,
        ParseBinding(value, absl::StrCat("bindings[", bindings.size(), "]"),
                     roles));
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

}  // namespace

absl::StatusOr<Policy> ParsePolicy(absl::string_view text) {
  ASSIGN_OR_RETURN(const Json json, ParseJsonObject(text));
  RETURN_IF_ERROR(CheckKeys(json, "the policy", {"roles", "bindings"}));
  ASSIGN_OR_RETURN(std::vector<Role> roles, ParseRoles(json));
  ASSIGN_OR_RETURN(std::vector<Binding> bindings, ParseBindings(json, roles));
  return Policy(std::move(roles), std::move(bindings));
}

}  // namespace dissectd::server
