// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_PREFERENCE_MESSAGE_H_
#define CORE_QUERY_PREFERENCE_PREFERENCE_MESSAGE_H_

#include <string>

#include "core/epan/preference_modules.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.PreferenceModule.
std::string ModuleMessage(const PreferenceModule& module);

// Returns a serialised dissectd.v1.Preference, with the values of this
// process.
std::string PreferenceMessage(const std::string& full_name, pref_t* preference);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_PREFERENCE_MESSAGE_H_
