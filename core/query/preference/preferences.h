// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_PREFERENCES_H_
#define CORE_QUERY_PREFERENCE_PREFERENCES_H_

#include "core/query/query.h"

// What PreferenceService says of preferences as they are.
namespace dissectd::engine {

// PreferenceService.ListPreferenceModules.
absl::Status ListPreferenceModules(const QueryContext& context,
                                   absl::string_view request,
                                   SendResponse send);

// PreferenceService.ListPreferences.
absl::Status ListPreferences(const QueryContext& context,
                             absl::string_view request, SendResponse send);

// PreferenceService.GetPreference.
absl::Status GetPreference(const QueryContext& context,
                           absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_PREFERENCES_H_
