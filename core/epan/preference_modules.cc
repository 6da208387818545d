// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/preference_modules.h"

#include "absl/strings/str_cat.h"
#include "core/epan/printed_text.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

struct Walk {
  std::vector<PreferenceModule>* found;
  // The titles of the modules around the current one.
  std::vector<std::string> parents;
  std::string prefix;
};

guint AddModule(module_t* module, gpointer user_data);

WsBool AddSubmodule(const void*, void* module, void* walk) {
  AddModule(static_cast<module_t*>(module), walk);
  return FALSE;
}

guint AddModule(module_t* module, gpointer user_data) {
  const auto* walk = static_cast<const Walk*>(user_data);
  const std::string prefix =
      module->name == nullptr ? walk->prefix : module->name;
  walk->found->push_back({module, walk->parents, prefix});
  // For a module without submodules, prefs_modules_foreach_submodules visits
  // the top-level modules instead. It leaves out obsolete modules, too.
  if (module->submodules == nullptr) return 0;
  Walk below{walk->found, walk->parents, prefix};
  below.parents.emplace_back(module->title);
  wmem_tree_foreach(module->submodules, AddSubmodule, &below);
  return 0;
}

}  // namespace

std::vector<pref_t*> PreferenceModule::Preferences() const {
  std::vector<pref_t*> preferences;
  preferences.reserve(g_list_length(module->prefs));
  for (const GList* item = module->prefs; item != nullptr; item = item->next) {
    preferences.push_back(static_cast<pref_t*>(item->data));
  }
  return preferences;
}

std::string PreferenceModule::FullName(pref_t* preference) const {
  return absl::StrCat(prefix, ".", prefs_get_name(preference));
}

std::vector<PreferenceModule> PreferenceModules() {
  std::vector<PreferenceModule> found;
  Walk walk{&found, {}, ""};
  prefs_modules_foreach_submodules(nullptr, AddModule, &walk);
  return found;
}

bool HasFileColumn(const uat_t& table) {
  for (const uat_field_t* field = table.fields; field->name != nullptr;
       ++field) {
    if (field->mode == PT_TXTMOD_FILENAME ||
        field->mode == PT_TXTMOD_DIRECTORYNAME) {
      return true;
    }
  }
  return false;
}

std::string PreferencesFileText() {
  // Without a name, libwireshark writes to the standard output.
  return PrintedText([] { write_prefs(nullptr); }, AfterPrinting::kCloses);
}

}  // namespace dissectd::engine
