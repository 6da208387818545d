// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/preferences.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"

namespace dissectd {
namespace {

// Finds a preference by its full name, whose module may have dots in it too.
pref_t* FindPreference(const std::string& name) {
  for (size_t dot = name.find('.'); dot != std::string::npos;
       dot = name.find('.', dot + 1)) {
    module_t* module = prefs_find_module(name.substr(0, dot).c_str());
    if (module == nullptr) continue;
    pref_t* preference =
        prefs_find_preference(module, name.substr(dot + 1).c_str());
    if (preference != nullptr) return preference;
  }
  return nullptr;
}

bool NamesFile(const std::string& name) {
  pref_t* preference = FindPreference(name);
  if (preference == nullptr) return false;
  const int type = prefs_get_type(preference);
  return type == PREF_SAVE_FILENAME || type == PREF_OPEN_FILENAME ||
         type == PREF_DIRNAME;
}

absl::Status Invalid(absl::string_view reason, const std::string& message,
                     const PreferenceSetting& setting) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {std::string(reason),
                    {{"preference", setting.name}, {"value", setting.value}},
                    {}});
}

}  // namespace

absl::Status SetPreference(const PreferenceSetting& setting) {
  if (NamesFile(setting.name)) {
    return MakeError(
        absl::StatusCode::kPermissionDenied,
        absl::StrCat("The preference \"", setting.name,
                     "\" names a file of the server, which "
                     "clients can't choose."),
        {"PREFERENCE_NAMES_FILE", {{"preference", setting.name}}, {}});
  }
  // prefs_set_pref writes into its argument.
  std::string text = absl::StrCat(setting.name, ":", setting.value);
  char* message = nullptr;
  const prefs_set_pref_e result = prefs_set_pref(text.data(), &message);
  const GCharPtr owned_message(message);
  const std::string details =
      message == nullptr ? "" : absl::StrCat(" (", message, ")");
  switch (result) {
    case PREFS_SET_OK:
      return absl::OkStatus();
    case PREFS_SET_NO_SUCH_PREF:
      return Invalid("PREFERENCE_UNKNOWN",
                     absl::StrCat("There is no preference \"", setting.name,
                                  "\"", details, "."),
                     setting);
    case PREFS_SET_OBSOLETE:
      return Invalid("PREFERENCE_OBSOLETE",
                     absl::StrCat("The preference \"", setting.name,
                                  "\" is obsolete", details, "."),
                     setting);
    case PREFS_SET_SYNTAX_ERR:
      break;
  }
  return Invalid(
      "PREFERENCE_VALUE_INVALID",
      absl::StrCat("\"", setting.value, "\" isn't a value of the preference \"",
                   setting.name, "\"", details, "."),
      setting);
}

absl::Status ApplyPreferences(const std::vector<PreferenceSetting>& settings) {
  if (settings.empty()) return absl::OkStatus();
  for (const PreferenceSetting& setting : settings) {
    RETURN_IF_ERROR(SetPreference(setting));
  }
  prefs_apply_all();
  return absl::OkStatus();
}

}  // namespace dissectd
