// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PROFILE_H_
#define CORE_EPAN_PROFILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::engine {

// A configuration profile of Wireshark on this machine.
struct Profile {
  std::string name;
  // It is the system's, and the user has none of its name.
  bool global = false;
  // This process uses it.
  bool current = false;
};

// Makes this process use a profile, before settings are loaded. One of the
// system is copied into the user's, as Wireshark does. Errors: NOT_FOUND if
// there is none of this name, and those of copying.
absl::Status SelectProfile(const std::string& name);

// The one that this process uses.
Profile CurrentProfile();

// The default one, the user's by name, the system's by name.
std::vector<Profile> Profiles();

// Whether the profile, or the system's configuration of Wireshark, has a file
// of host names that is read.
bool ReadsProfileHosts();
bool ReadsGlobalHosts();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PROFILE_H_
