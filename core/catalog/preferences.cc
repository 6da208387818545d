// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/preferences.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/catalog/list_page.h"
#include "core/catalog/preference_message.h"
#include "core/epan/preference_modules.h"
#include "core/request/request_reading.h"

namespace dissectd {
namespace {

// Field numbers, as in proto/dissectd/v1/preference.proto.
enum class ListModulesTag : protozero::pbf_tag_type { kSize = 1, kToken };
enum class ListTag : protozero::pbf_tag_type { kModule = 1, kSize, kToken };
enum class GetTag : protozero::pbf_tag_type { kName = 1 };
enum class PageTag : protozero::pbf_tag_type { kItems = 1, kNextToken };
enum class GetResponseTag : protozero::pbf_tag_type { kPreference = 1 };

struct NamedPreference {
  std::string name;
  pref_t* preference;
};

// Those of the module of this name, and of groups in it without a name; all if
// it is empty.
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
      absl::StrCat("There is no module \"", name, "\" of preferences."),
      {"PREFERENCE_MODULE_UNKNOWN", {{"module", name}}, {}});
}

}  // namespace

absl::Status ListPreferenceModules(const QueryContext&,
                                   absl::string_view request,
                                   SendResponse send) {
  PageRequest wanted;
  RETURN_IF_ERROR(ReadRequestFields<ListModulesTag>(
      "ListPreferenceModulesRequest", request, [&wanted](auto* message) {
        switch (message->tag()) {
          case ListModulesTag::kSize:
            wanted.size = message->get_int32();
            break;
          case ListModulesTag::kToken:
            wanted.token = message->get_string();
            break;
          default:
            message->skip();
        }
      }));
  const std::vector<PreferenceModule> modules = PreferenceModules();
  ASSIGN_OR_RETURN(const ListPage page,
                   FindListPage("modules", modules.size(), wanted));
  std::string response;
  protozero::pbf_builder<PageTag> out(response);
  for (size_t i = page.begin; i < page.end; ++i) {
    out.add_message(PageTag::kItems, ModuleMessage(modules[i]));
  }
  out.add_string(PageTag::kNextToken, page.next_token);
  return send(response);
}

absl::Status ListPreferences(const QueryContext&, absl::string_view request,
                             SendResponse send) {
  std::string module;
  PageRequest wanted;
  RETURN_IF_ERROR(ReadRequestFields<ListTag>(
      "ListPreferencesRequest", request, [&](auto* message) {
        switch (message->tag()) {
          case ListTag::kModule:
            module = Text(message);
            break;
          case ListTag::kSize:
            wanted.size = message->get_int32();
            break;
          case ListTag::kToken:
            wanted.token = message->get_string();
            break;
          default:
            message->skip();
        }
      }));
  ASSIGN_OR_RETURN(const std::vector<NamedPreference> preferences,
                   PreferencesOf(module));
  ASSIGN_OR_RETURN(const ListPage page,
                   FindListPage(absl::StrCat("preferences of ", module),
                                preferences.size(), wanted));
  std::string response;
  protozero::pbf_builder<PageTag> out(response);
  for (size_t i = page.begin; i < page.end; ++i) {
    out.add_message(
        PageTag::kItems,
        PreferenceMessage(preferences[i].name, preferences[i].preference));
  }
  out.add_string(PageTag::kNextToken, page.next_token);
  return send(response);
}

absl::Status GetPreference(const QueryContext&, absl::string_view request,
                           SendResponse send) {
  std::string name;
  RETURN_IF_ERROR(ReadRequestFields<GetTag>(
      "GetPreferenceRequest", request, [&name](auto* message) {
        if (message->tag() == GetTag::kName) {
          name = Text(message);
        } else {
          message->skip();
        }
      }));
  ASSIGN_OR_RETURN(const std::vector<NamedPreference> all, PreferencesOf(""));
  for (const NamedPreference& found : all) {
    if (found.name != name) continue;
    std::string response;
    protozero::pbf_builder<GetResponseTag> out(response);
    out.add_message(GetResponseTag::kPreference,
                    PreferenceMessage(found.name, found.preference));
    return send(response);
  }
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("There is no preference \"", name, "\"."),
                   {"PREFERENCE_UNKNOWN", {{"preference", name}}, {}});
}

}  // namespace dissectd
