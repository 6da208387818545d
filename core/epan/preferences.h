// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PREFERENCES_H_
#define CORE_EPAN_PREFERENCES_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// The two halves of tshark's `-o NAME:VALUE`.
struct PreferenceSetting {
  std::string name;
  std::string value;
};

// Sets one preference of this process. It takes effect with the next
// ApplyPreferences.
//
// Errors: INVALID_ARGUMENT with PREFERENCE_UNKNOWN, PREFERENCE_OBSOLETE or
// PREFERENCE_VALUE_INVALID; and PREFERENCE_NAMES_FILE for
// preferences whose value is a path, since a client must not choose which
// files of this machine are read or written.
absl::Status SetPreference(const PreferenceSetting& setting);

// Makes dissectors apply the preferences that were set.
void ApplyPreferences();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PREFERENCES_H_
