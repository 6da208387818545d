// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_PREFERENCES_H_
#define CORE_QUERY_PREFERENCE_PREFERENCES_H_

#include "core/query/query.h"

// Answers PreferenceService's queries about the current preferences.
namespace dissectd::engine {

// Answers PreferenceService.ListPreferenceModules.
absl::Status ListPreferenceModules(const QueryContext& context,
                                   absl::string_view request,
                                   SendResponse send);

// Answers PreferenceService.ListPreferences.
absl::Status ListPreferences(const QueryContext& context,
                             absl::string_view request, SendResponse send);

// Answers PreferenceService.GetPreference.
absl::Status GetPreference(const QueryContext& context,
                           absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_PREFERENCES_H_
