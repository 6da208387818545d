// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PREFERENCE_MODULES_H_
#define CORE_EPAN_PREFERENCE_MODULES_H_

#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A module of preferences, which is libwireshark's and lives as long.
struct PreferenceModule {
  module_t* module;
  // The titles of those that it is in, outermost first.
  std::vector<std::string> parents;
  // What full names of its preferences begin with: its own name, or that of the
  // module that it is in.
  std::string prefix;

  // Obsolete ones included.
  std::vector<pref_t*> Preferences() const;
  // The name of one of them as `-o` takes it.
  std::string FullName(pref_t* preference) const;
};

// All modules, obsolete ones included, each before those in it.
std::vector<PreferenceModule> PreferenceModules();

inline bool IsObsolete(pref_t* preference) {
  return (prefs_get_type(preference) & static_cast<int>(PREF_OBSOLETE)) != 0;
}

// Whether rows of the table name files of this machine.
bool HasFileColumn(const uat_t& table);

// The preferences of this process as libwireshark writes them into a file.
std::string PreferencesFileText();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PREFERENCE_MODULES_H_
