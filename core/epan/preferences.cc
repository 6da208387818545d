// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/preferences.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/epan/file_preferences.h"
#include "core/epan/handles.h"
#include "core/epan/memory_file.h"
#include "core/epan/mibs.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
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

// Returns whether libwireshark, and therefore tshark, crashes on this name. A
// name that begins with `column.` is an older form of `gui.column.`. If
// libwireshark finds no such preference, it reads the name of the module, and
// this module has none.
bool IsUnknownOfColumns(const std::string& name) {
  constexpr absl::string_view kModule = "column.";
  if (!absl::StartsWithIgnoreCase(name, kModule)) return false;
  if (name == "column.format" || name == "column.hidden") return false;
  const std::string rest = name.substr(kModule.size());
  return !absl::StartsWithIgnoreCase(rest, kModule) ||
         FindPreference(absl::StrCat("gui.", rest)) == nullptr;
}

absl::Status Invalid(absl::string_view reason, const std::string& message,
                     const PreferenceSetting& setting) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {std::string(reason),
                    {{"preference", setting.name}, {"value", setting.value}},
                    {}});
}

absl::Status Unknown(absl::string_view details,
                     const PreferenceSetting& setting) {
  return Invalid("PREFERENCE_UNKNOWN",
                 absl::StrCat("There is no preference \"", setting.name, "\"",
                              details, "."),
                 setting);
}

// Views have no more columns than they may name if a preference names them.
absl::Status CheckColumns(const std::string& preference) {
  if (g_list_length(prefs.col_list) <= kMaxColumns) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The preference \"", preference, "\" has more than ",
                   kMaxColumns, " columns."),
      {"TOO_MANY_ITEMS",
       {{"field", preference}, {"limit", absl::StrCat(kMaxColumns)}},
       {}});
}

// Keeps requests from raising the limits that bound a frame's tree.
void LimitTrees() {
  prefs.gui_max_tree_items = std::min(prefs.gui_max_tree_items, kMaxTreeItems);
  prefs.gui_max_tree_depth = std::min(prefs.gui_max_tree_depth, kMaxTreeDepth);
}

}  // namespace

absl::Status SetPreference(const PreferenceSetting& setting,
                           const Attachments& attachments) {
  if (IsUnknownOfColumns(setting.name)) return Unknown("", setting);
  ASSIGN_OR_RETURN(
      std::string text,
      WithPathsInRow(setting.name,
                     absl::StrCat(setting.name, ":", setting.value),
                     attachments));
  FilePreferenceGuard guard;
  char* message = nullptr;
  // prefs_set_pref writes into its argument.
  const prefs_set_pref_e result = prefs_set_pref(text.data(), &message);
  const GCharPtr owned_message(message);
  RETURN_IF_ERROR(guard.Settle(setting.name, attachments));
  const std::string details =
      message == nullptr
          ? ""
          : absl::StrCat(" (", attachments.WithReferences(message), ")");
  switch (result) {
    case PREFS_SET_OK:
      return CheckColumns(setting.name);
    case PREFS_SET_NO_SUCH_PREF:
      return Unknown(details, setting);
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

absl::Status SetFilePreference(const std::string& name,
                               absl::string_view content) {
  ASSIGN_OR_RETURN(const std::string path, MakeMemoryFile(content));
  std::string text = absl::StrCat(name, ":", path);
  char* message = nullptr;
  const prefs_set_pref_e result = prefs_set_pref(text.data(), &message);
  const GCharPtr owned_message(message);
  if (result == PREFS_SET_OK) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("libwireshark has no preference ", name));
}

void ApplyPreferences() {
  LimitTrees();
  prefs_apply_all();
  LoadExpectedMibs();
}

}  // namespace dissectd::engine
