// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/capture_capabilities.h"

#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/capabilities_ptr.h"

namespace dissectd::server {
namespace {

constexpr struct {
  cap_value_t value;
  const char* name;
} kNeeded[] = {{CAP_NET_RAW, "CAP_NET_RAW"}, {CAP_NET_ADMIN, "CAP_NET_ADMIN"}};

// Returns whether the program starts as root, with all capabilities that the
// process may pass on.
bool RunsAsRoot(const std::string& path, bool gains_rights) {
  struct stat file = {};
  return geteuid() == 0 || (gains_rights && stat(path.c_str(), &file) == 0 &&
                            file.st_uid == 0 && (file.st_mode & S_ISUID) != 0);
}

}  // namespace

std::vector<std::string> MissingCaptureCapabilities(const std::string& path) {
  const bool gains_rights = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
  const bool root = RunsAsRoot(path, gains_rights);
  const CapabilitiesPtr of_file(gains_rights ? cap_get_file(path.c_str())
                                             : nullptr);
  std::vector<std::string> missing;
  for (const auto& needed : kNeeded) {
    const bool may_gain = cap_get_bound(needed.value) == 1 &&
                          (root || HasCapability(of_file.get(), needed.value));
    if (may_gain || cap_get_ambient(needed.value) == 1) continue;
    missing.emplace_back(needed.name);
  }
  return missing;
}

}  // namespace dissectd::server
