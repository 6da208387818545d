// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PREFERENCE_MODULES_H_
#define CORE_EPAN_PREFERENCE_MODULES_H_

#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A module of preferences. Its pointers are libwireshark's, and valid as long
// as the process lives.
struct PreferenceModule {
  module_t* module;
  // The titles of the modules that contain it, outermost first.
  std::vector<std::string> parents;
  // The prefix of its preferences' full names: its own name, or that of the
  // module that contains it.
  std::string prefix;

  // Its preferences, including obsolete ones.
  std::vector<pref_t*> Preferences() const;
  // Returns the name of one of its preferences, as `-o` takes it.
  std::string FullName(pref_t* preference) const;
};

// Returns all modules, including obsolete ones, each before its submodules.
std::vector<PreferenceModule> PreferenceModules();

inline bool IsObsolete(pref_t* preference) {
  return (prefs_get_type(preference) & static_cast<int>(PREF_OBSOLETE)) != 0;
}

// Returns whether the rows of the table name files on this machine.
bool HasFileColumn(const uat_t& table);

// Returns the preferences of this process as libwireshark writes them to a
// file.
std::string PreferencesFileText();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PREFERENCE_MODULES_H_
