// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_SECRET_PREFERENCES_H_
#define CORE_EPAN_SECRET_PREFERENCES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Whether the value of a preference is a secret of the person who has set it: a
// password or a key. libwireshark has a type for passwords, but most dissectors
// keep theirs in texts, which only their names tell apart.
bool IsSecret(pref_t* preference);

// Returns the text of a preferences file with the default values of those
// preferences whose values are secrets of the profile. `profile` is the text
// with all values of the profile.
std::string WithoutSecretsOf(absl::string_view profile, absl::string_view text);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_SECRET_PREFERENCES_H_
