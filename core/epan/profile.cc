// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/profile.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/error.h"
#include "core/base/read_files.h"
#include "core/epan/handles.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

constexpr char kHostsFile[] = "hosts";

// Copies the files of a folder to a new folder, which has them all from the
// beginning. Another process may do the same at the same time.
bool CopyFolder(const std::string& from, const std::string& to) {
  std::error_code error;
  const std::filesystem::path profiles =
      std::filesystem::path(to).parent_path();
  std::filesystem::create_directories(profiles, error);
  // It isn't among the profiles, where it would be one.
  std::string copy = profiles.parent_path() / ".profile.XXXXXX";
  if (mkdtemp(copy.data()) == nullptr) return false;
  std::filesystem::copy(from, copy, error);
  if (!error && rename(copy.c_str(), to.c_str()) == 0) return true;
  std::error_code ignored;
  std::filesystem::remove_all(copy, ignored);
  return std::filesystem::is_directory(to, ignored);
}

// Copies a profile of the system to the user's folder, under the same name.
absl::Status CopyGlobalProfile(const std::string& name) {
  const GCharPtr from(get_profile_dir(name.c_str(), TRUE));
  const GCharPtr to(get_profile_dir(name.c_str(), FALSE));
  if (CopyFolder(from.get(), to.get())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the profile \"", name, "\" can't be copied to ", to.get()));
}

// Returns the names of the folders in `folder`, sorted; none if it is missing.
std::vector<std::string> FoldersIn(const char* folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const std::filesystem::path& entry : EntriesOf(folder)) {
    if (std::filesystem::is_directory(entry, error)) {
      names.push_back(entry.filename());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool IsDefault(const std::string& name) { return name == DEFAULT_PROFILE; }

bool Exists(const GCharPtr& path) {
  std::error_code error;
  return path != nullptr && std::filesystem::exists(path.get(), error);
}

}  // namespace

absl::Status SelectProfile(const std::string& name) {
  if (IsDefault(name)) return absl::OkStatus();
  if (profile_exists(name.c_str(), FALSE) == FALSE) {
    if (profile_exists(name.c_str(), TRUE) == FALSE) {
      return absl::NotFoundError(
          absl::StrCat("there is no profile \"", name, "\""));
    }
    const absl::Status copied = CopyGlobalProfile(name);
    if (!copied.ok()) return copied;
  }
  set_profile_name(name.c_str());
  return absl::OkStatus();
}

Profile CurrentProfile() { return {get_profile_name(), false, true}; }

std::vector<Profile> Profiles() {
  const std::string current = CurrentProfile().name;
  std::vector<Profile> profiles = {
      {DEFAULT_PROFILE, false, IsDefault(current)}};
  const GCharPtr personal(get_profiles_dir());
  const std::vector<std::string> own = FoldersIn(personal.get());
  for (const std::string& name : own) {
    profiles.push_back({name, false, name == current});
  }
  const GCharPtr global(get_global_profiles_dir());
  for (const std::string& name : FoldersIn(global.get())) {
    if (std::binary_search(own.begin(), own.end(), name)) continue;
    profiles.push_back({name, true, false});
  }
  return profiles;
}

absl::Status CheckProfile(const std::string& name) {
  std::vector<std::string> names;
  for (const Profile& profile : Profiles()) {
    if (profile.name == name) return absl::OkStatus();
    names.push_back(absl::StrCat("\"", profile.name, "\""));
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("There is no profile \"", name,
                                "\". There are: ", absl::StrJoin(names, ", ")),
                   {"PROFILE_UNKNOWN", {{"profile", name}}, {}});
}

bool ReadsProfileHosts() {
  return Exists(GCharPtr(get_persconffile_path(kHostsFile, TRUE)));
}

bool ReadsGlobalHosts() {
  return ReadsSystemHosts() && Exists(GCharPtr(get_datafile_path(kHostsFile)));
}

}  // namespace dissectd::engine
