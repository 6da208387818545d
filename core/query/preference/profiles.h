// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_PROFILES_H_
#define CORE_QUERY_PREFERENCE_PROFILES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers PreferenceService.ListProfiles.
absl::Status ListProfiles(const QueryContext& context,
                          absl::string_view request, SendResponse send);

// Answers PreferenceService.GetCurrentProfile.
absl::Status GetCurrentProfile(const QueryContext& context,
                               absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_PROFILES_H_
