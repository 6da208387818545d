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
  // Whether it is a profile of the system, and the user has none with its name.
  bool global = false;
  // Whether this process uses it.
  bool current = false;
};

// Makes this process use a profile. Call it before settings are loaded. As in
// Wireshark, a profile of the system is copied to the user's folder. Errors:
// NOT_FOUND if there is no profile with this name, and those of copying.
absl::Status SelectProfile(const std::string& name);

// Returns the name of the profile that this process uses.
Profile CurrentProfile();

// Returns the default profile, then the user's and then the system's, both
// sorted by name.
std::vector<Profile> Profiles();

// Errors: INVALID_ARGUMENT (PROFILE_UNKNOWN) if there is no profile with this
// name.
absl::Status CheckProfile(const std::string& name);

// Returns whether the profile, or the system's configuration of Wireshark, has
// a file of host names that is read.
bool ReadsProfileHosts();
bool ReadsGlobalHosts();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PROFILE_H_
