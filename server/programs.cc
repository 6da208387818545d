// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/programs.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dissectd {
namespace {

// From the folder that this program is in.
constexpr const char* kPlaces[] = {
    "../libexec/dissectd/epan-host",  // Installed.
    "../core/host/epan-host",         // Built by Bazel.
};

}  // namespace

absl::StatusOr<std::string> FindEpanHost(const std::string& configured) {
  std::error_code error;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", error);
  std::string tried = configured;
  if (configured.empty()) {
    for (const char* place : kPlaces) {
      const std::string path =
          (self.parent_path() / place).lexically_normal().string();
      if (access(path.c_str(), X_OK) == 0) return path;
      absl::StrAppend(&tried, tried.empty() ? "" : ", ", path);
    }
  } else if (access(configured.c_str(), X_OK) == 0) {
    return configured;
  }
  return absl::NotFoundError(absl::StrCat("the program epan-host isn't there: ",
                                          tried, "; name it with --epan-host"));
}

}  // namespace dissectd
