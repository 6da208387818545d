// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/preferences.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"
#include "core/epan/handles.h"
#include "core/epan/preference_modules.h"

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

bool NamesFile(pref_t* preference) {
  const int type = prefs_get_type(preference);
  return type == PREF_SAVE_FILENAME || type == PREF_OPEN_FILENAME ||
         type == PREF_DIRNAME;
}

const std::vector<pref_t*>& PreferencesThatNameFiles() {
  static const auto& found = *[] {
    auto* preferences = new std::vector<pref_t*>();
    for (const PreferenceModule& module : PreferenceModules()) {
      for (pref_t* preference : module.Preferences()) {
        if (NamesFile(preference)) preferences->push_back(preference);
      }
    }
    return preferences;
  }();
  return found;
}

std::string FileNameOf(pref_t* preference) {
  const char* name = prefs_get_string_value(preference, pref_current);
  return name == nullptr ? "" : name;
}

// Undoes changes to preferences that name files. libwireshark knows older names
// that prefs_find_module doesn't, so only the effect of a setting tells which
// preference it changes.
class FileNameGuard {
 public:
  FileNameGuard() {
    names_.reserve(PreferencesThatNameFiles().size());
    for (pref_t* preference : PreferencesThatNameFiles()) {
      names_.push_back(FileNameOf(preference));
    }
  }

  // Returns whether there was anything to undo.
  bool Restore() {
    bool changed = false;
    for (size_t i = 0; i < names_.size(); ++i) {
      pref_t* preference = PreferencesThatNameFiles()[i];
      if (FileNameOf(preference) == names_[i]) continue;
      prefs_set_string_value(preference, names_[i].c_str(), pref_current);
      changed = true;
    }
    return changed;
  }

 private:
  std::vector<std::string> names_;
};

struct TableSearch {
  std::string name;
  bool names_file;
};

void LookForFileColumn(void* value, void* user_data) {
  const auto* table = static_cast<const uat_t*>(value);
  auto* search = static_cast<TableSearch*>(user_data);
  if (search->name != table->filename && search->name != table->name) return;
  if (HasFileColumn(*table)) search->names_file = true;
}

// Returns whether `text`, NAME:VALUE, is a row of a table that names files. One
// such table names libraries to load.
bool IsRowThatNamesFile(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "uat:")) return false;
  text = absl::StripLeadingAsciiWhitespace(text);
  TableSearch search{std::string(text.substr(0, text.find(':'))), false};
  uat_foreach_table(LookForFileColumn, &search);
  return search.names_file;
}

absl::Status NamesFileError(const PreferenceSetting& setting) {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The preference \"", setting.name,
                   "\" names a file of the server, which "
                   "clients can't choose."),
      {"PREFERENCE_NAMES_FILE", {{"preference", setting.name}}, {}});
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

}  // namespace

absl::Status SetPreference(const PreferenceSetting& setting) {
  pref_t* known = FindPreference(setting.name);
  std::string text = absl::StrCat(setting.name, ":", setting.value);
  if ((known != nullptr && NamesFile(known)) || IsRowThatNamesFile(text)) {
    return NamesFileError(setting);
  }
  if (IsUnknownOfColumns(setting.name)) return Unknown("", setting);
  FileNameGuard file_names;
  char* message = nullptr;
  // prefs_set_pref writes into its argument.
  const prefs_set_pref_e result = prefs_set_pref(text.data(), &message);
  const GCharPtr owned_message(message);
  if (file_names.Restore()) return NamesFileError(setting);
  const std::string details =
      message == nullptr ? "" : absl::StrCat(" (", message, ")");
  switch (result) {
    case PREFS_SET_OK:
      return absl::OkStatus();
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

void ApplyPreferences() { prefs_apply_all(); }

}  // namespace dissectd::engine
