// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/personal_folder.h"

#include <glib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

constexpr char kFolderVariable[] = "WIRESHARK_CONFIG_DIR";
// Linux has no file with this name.
constexpr char kNoFolder[] = "/nonexistent";

// Returns where Wireshark looks. It uses the first folder that exists.
std::vector<std::string> PersonalFolders() {
  const char* chosen = std::getenv(kFolderVariable);
  if (chosen != nullptr && *chosen != '\0') return {chosen};
  return {absl::StrCat(g_get_user_config_dir(), "/wireshark"),
          absl::StrCat(g_get_home_dir(), "/.wireshark")};
}

}  // namespace

void LeaveOutUnreadableConfiguration() {
  for (const std::string& folder : PersonalFolders()) {
    if (access(folder.c_str(), R_OK | X_OK) == 0) return;
    if (errno != EACCES) continue;
    spdlog::warn(
        "the personal configuration of Wireshark, {}, may not be read and is "
        "left out; HOME should be a folder of user {}",
        folder, geteuid());
    setenv(kFolderVariable, kNoFolder, 1);
    return;
  }
}

}  // namespace dissectd::engine
