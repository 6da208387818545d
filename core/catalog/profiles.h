// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_PROFILES_H_
#define CORE_CATALOG_PROFILES_H_

#include "core/catalog/query.h"

namespace dissectd {

// PreferenceService.ListProfiles.
absl::Status ListProfiles(const QueryContext& context,
                          absl::string_view request, SendResponse send);

// PreferenceService.GetProfile.
absl::Status GetProfile(const QueryContext& context, absl::string_view request,
                        SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_PROFILES_H_
