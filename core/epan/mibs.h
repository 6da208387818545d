// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_MIBS_H_
#define CORE_EPAN_MIBS_H_

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Returns whether a text is the name of a MIB module. libsmi takes texts with
// dots or slashes for paths.
bool IsMibModuleName(absl::string_view text);

// Remembers that a row of a table names a folder with MIBs.
void ExpectMibs();

// Reads the MIBs if ExpectMibs has been called and the preferences ask for
// them. libwireshark itself reads those of the profile only. It can read MIBs
// only once in a process: if the profile has some, those of the request are
// ignored with a warning.
void LoadExpectedMibs();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_MIBS_H_
