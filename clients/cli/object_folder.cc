// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr int kMaxNumber = 10000;
constexpr mode_t kFileMode = 0644;

// Returns the name if it is that of a file in a folder; it comes from a daemon
// that needn't be honest.
std::string SafeName(const std::string& name) {
  const bool is_safe = !name.empty() && name != "." && name != ".." &&
                       name.find('/') == std::string::npos &&
                       name.find('\0') == std::string::npos;
  return is_safe ? name : "object";
}

// Returns the name with a number before its extension.
std::string Numbered(const std::string& name, int number) {
  if (number == 0) return name;
  const size_t dot = name.rfind('.');
  const size_t end = dot == std::string::npos ? name.size() : dot;
  return absl::StrCat(name.substr(0, end), "(", number, ")", name.substr(end));
}

}  // namespace

absl::Status ObjectFolder::Begin(const std::string& name) {
  RETURN_IF_ERROR(MakeFolder());
  for (int number = 0; number < kMaxNumber; ++number) {
    file_path_ = absl::StrCat(path_, "/", Numbered(SafeName(name), number));
    file_ = ScopedFd(open(file_path_.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    if (file_.get() >= 0) return absl::OkStatus();
    if (errno != EEXIST) break;
  }
  return absl::InternalError(absl::StrCat("Can't create \"", file_path_,
                                          "\": ", std::strerror(errno)));
}

absl::Status ObjectFolder::Add(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return absl::InternalError(absl::StrCat("Can't write to \"", file_path_,
                                              "\": ", std::strerror(errno)));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status ObjectFolder::MakeFolder() {
  if (made_) return absl::OkStatus();
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) {
    return absl::InternalError(absl::StrCat("Can't make the folder \"", path_,
                                            "\": ", error.message()));
  }
  made_ = true;
  return absl::OkStatus();
}

}  // namespace dissectd::cli
