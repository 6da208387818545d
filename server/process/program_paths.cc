// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/program_paths.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace {

// The path relative to the folder of this program.
constexpr absl::string_view kInstalledFolder = "../libexec/dissectd";

absl::Status NotThere(absl::string_view name, absl::string_view tried) {
  return absl::NotFoundError(
      absl::StrCat("the program ", name, " doesn't exist: ", tried));
}

absl::Status CheckProgram(absl::string_view name, const std::string& path) {
  if (access(path.c_str(), X_OK) == 0) return absl::OkStatus();
  if (errno != EACCES) return NotThere(name, path);
  return absl::PermissionDeniedError(
      absl::StrCat("the program ", name, " isn't executable: ", path));
}

// `built_folder` is where Bazel puts the program, relative to the folder of
// this one.
absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view built_folder) {
  std::error_code error;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", error);
  std::string tried;
  absl::Status not_executable;
  for (const absl::string_view folder : {kInstalledFolder, built_folder}) {
    const std::string path =
        (self.parent_path() / absl::StrCat(folder, "/", name))
            .lexically_normal()
            .string();
    const absl::Status status = CheckProgram(name, path);
    if (status.ok()) return path;
    if (absl::IsPermissionDenied(status)) not_executable.Update(status);
    absl::StrAppend(&tried, tried.empty() ? "" : ", ", path);
  }
  return not_executable.ok() ? NotThere(name, tried) : not_executable;
}

}  // namespace

absl::StatusOr<std::string> FindEngine(const std::string& configured) {
  constexpr absl::string_view kName = "dissectd-engine";
  const absl::StatusOr<std::string> found =
      configured.empty() ? FindProgram(kName, "../core/engine") : configured;
  const absl::Status status =
      found.ok() ? CheckProgram(kName, *found) : found.status();
  if (status.ok()) return found;
  return absl::Status(
      status.code(), absl::StrCat(status.message(), "; name it with --engine"));
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
