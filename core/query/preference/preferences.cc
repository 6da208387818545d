// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/preferences.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/preference_modules.h"
#include "core/query/page.h"
#include "core/query/preference/preference_message.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/preference.schema.h"

namespace dissectd::engine {
namespace {

struct NamedPreference {
  std::string name;
  pref_t* preference;
};

// Returns the preferences of the module with this name and of its unnamed
// groups; all preferences if the name is empty.
absl::StatusOr<std::vector<NamedPreference>> PreferencesOf(
    const std::string& name) {
  std::vector<NamedPreference> found;
  bool exists = name.empty();
  for (const PreferenceModule& module : PreferenceModules()) {
    if (!name.empty() && module.prefix != name) continue;
    exists = true;
    for (pref_t* preference : module.Preferences()) {
      found.push_back({module.FullName(preference), preference});
    }
  }
  if (exists) return found;
  return MakeError(
      absl::StatusCode::kNotFound,
      absl::StrCat("There is no preference module \"", name, "\"."),
      {"PREFERENCE_MODULE_UNKNOWN", {{"module", name}}, {}});
}

}  // namespace

absl::Status ListPreferenceModules(const QueryContext&,
                                   absl::string_view request,
                                   SendResponse send) {
  ASSIGN_OR_RETURN(const PageRequest wanted,
                   ReadPageRequest<schema::ListPreferenceModulesRequest>(
                       "ListPreferenceModulesRequest", request));
  const std::vector<PreferenceModule> modules = PreferenceModules();
  return SendPage(
      schema::ListPreferenceModulesResponse::kModules, wanted, "modules",
      modules.size(),
      [&](size_t i) -> absl::string_view { return modules[i].prefix; },
      [&](size_t i) { return ModuleMessage(modules[i]); }, send);
}

absl::Status ListPreferences(const QueryContext&, absl::string_view request,
                             SendResponse send) {
  std::string module;
  PageRequest wanted;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListPreferencesRequest>(
      "ListPreferencesRequest", request, [&](auto* message) {
        switch (message->tag()) {
          case schema::ListPreferencesRequest::kModule:
            module = Text(message);
            break;
          default:
            if (!ReadPageField(message, &wanted)) message->skip();
        }
      }));
  ASSIGN_OR_RETURN(const std::vector<NamedPreference> preferences,
                   PreferencesOf(module));
  return SendPage(
      schema::ListPreferencesResponse::kPreferences, wanted,
      absl::StrCat("preferences of ", module), preferences.size(),
      [&](size_t i) -> absl::string_view { return preferences[i].name; },
      [&](size_t i) {
        return PreferenceMessage(preferences[i].name,
                                 preferences[i].preference);
      },
      send);
}

absl::Status GetPreference(const QueryContext&, absl::string_view request,
                           SendResponse send) {
  ASSIGN_OR_RETURN(const std::string name,
                   ReadTextRequest("GetPreferenceRequest", request,
                                   schema::GetPreferenceRequest::kName));
  ASSIGN_OR_RETURN(const std::vector<NamedPreference> all, PreferencesOf(""));
  for (const NamedPreference& found : all) {
    if (found.name != name) continue;
    std::string response;
    protozero::pbf_builder<schema::GetPreferenceResponse> out(response);
    out.add_message(schema::GetPreferenceResponse::kPreference,
                    PreferenceMessage(found.name, found.preference));
    return send(response);
  }
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("There is no preference \"", name, "\"."),
                   {"PREFERENCE_UNKNOWN", {{"preference", name}}, {}});
}

}  // namespace dissectd::engine
