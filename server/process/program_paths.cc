// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/program_paths.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace {

// The path relative to the folder of this program.
constexpr absl::string_view kInstalledFolder = "../libexec/dissectd";

bool IsProgram(const std::string& path) {
  return access(path.c_str(), X_OK) == 0;
}

absl::Status NotThere(absl::string_view name, absl::string_view tried) {
  return absl::NotFoundError(
      absl::StrCat("the program ", name, " doesn't exist: ", tried));
}

// `built_folder` is where Bazel puts the program, relative to the folder of
// this one.
absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view built_folder) {
  std::error_code error;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", error);
  std::string tried;
  for (const absl::string_view folder : {kInstalledFolder, built_folder}) {
    const std::string path =
        (self.parent_path() / absl::StrCat(folder, "/", name))
            .lexically_normal()
            .string();
    if (IsProgram(path)) return path;
    absl::StrAppend(&tried, tried.empty() ? "" : ", ", path);
  }
  return NotThere(name, tried);
}

}  // namespace

absl::StatusOr<std::string> FindEngine(const std::string& configured) {
  constexpr absl::string_view kName = "dissectd-engine";
  if (IsProgram(configured)) return configured;
  const absl::StatusOr<std::string> found =
      configured.empty() ? FindProgram(kName, "../core/engine")
                         : NotThere(kName, configured);
  if (found.ok()) return found;
  return absl::NotFoundError(
      absl::StrCat(found.status().message(), "; name it with --engine"));
}

absl::StatusOr<std::string> FindCaptureFilterCompiler() {
  return FindProgram("capture-filter-compiler", "../server/capture_filter");
}

absl::StatusOr<std::string> FindCaptureKeeper() {
  return FindProgram("capture-keeper", "../server/capture_keeper");
}

absl::StatusOr<std::string> FindExtcapLauncher() {
  return FindProgram("extcap-launcher", "../server/extcap");
}

}  // namespace dissectd::server
