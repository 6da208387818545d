// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PREFERENCES_H_
#define CORE_EPAN_PREFERENCES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/attachments.h"

namespace dissectd::engine {

// The two halves of tshark's `-o NAME:VALUE`.
struct PreferenceSetting {
  std::string name;
  std::string value;
};

// Sets one preference of this process. It takes effect with the next
// ApplyPreferences. Where the value names a file, that must be one of
// `attachments`, as a client must not choose which files of this machine are
// read or written.
//
// Errors: INVALID_ARGUMENT (PREFERENCE_UNKNOWN; PREFERENCE_OBSOLETE;
// PREFERENCE_VALUE_INVALID; PREFERENCE_NAMES_FILE; ATTACHMENT_UNKNOWN;
// TOO_MANY_ITEMS).
absl::Status SetPreference(const PreferenceSetting& setting,
                           const Attachments& attachments);

// Sets a preference that names a file to a file in memory with this content.
// Errors: those of MakeMemoryFile.
absl::Status SetFilePreference(const std::string& name,
                               absl::string_view content);

// Makes dissectors apply the preferences that were set. The limits of trees
// stay at most kMaxTreeItems and kMaxTreeDepth.
void ApplyPreferences();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PREFERENCES_H_
