// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;
// The longest name of a file.
constexpr size_t kMaxNameBytes = 255;
// tshark stops here, too.
constexpr int kMaxSameNames = 1000;

// Whether a name is that of a file in a folder, and of nothing elsewhere.
bool IsPlainName(absl::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == absl::string_view::npos &&
         name.find('\0') == absl::string_view::npos;
}

}  // namespace

std::string NumberedName(const std::string& name, int count) {
  if (count == 0) return name;
  const size_t dot = name.rfind('.');
  const std::string end = absl::StrCat(
      "(", count, ")", dot == std::string::npos ? "" : name.substr(dot));
  const std::string stem = name.substr(0, dot);
  const size_t room = kMaxNameBytes - std::min(end.size(), kMaxNameBytes);
  return stem.substr(0, room) + end;
}

std::string UnnumberedName(const std::string& name) {
  const std::string stem = name.substr(0, name.rfind('.'));
  const size_t open = stem.rfind('(');
  if (open == std::string::npos || stem.back() != ')') return name;
  const std::string digits = stem.substr(open + 1, stem.size() - open - 2);
  const bool is_number =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return '0' <= c && c <= '9';
      });
  return is_number ? stem.substr(0, open) + name.substr(stem.size()) : name;
}

int ObjectFolder::Make() const {
  if (path_.empty()) return EINVAL;
  for (size_t end = path_.find('/', 1);; end = path_.find('/', end + 1)) {
    const std::string part = path_.substr(0, end);
    if (mkdir(part.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      const int error = errno;
      struct stat status;
      const bool exists =
          stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
      if (!exists) return error;
    }
    if (end == std::string::npos) break;
  }
  struct stat status;
  if (stat(path_.c_str(), &status) != 0) return errno;
  return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
}

absl::Status ObjectFolder::Failure(int error) const {
  return absl::FailedPreconditionError(
      absl::StrCat("The object \"", name_, "\" can't be written to \"", path_,
                   "\": ", std::strerror(error), "."));
}

absl::Status ObjectFolder::Begin(const v1::ExportObject& object) {
  name_ = IsPlainName(object.export_name())
              ? object.export_name()
              : absl::StrCat("object", object.frame_number());
  // The daemon numbers objects of the same name as if the folder were empty.
  const std::string plain = UnnumberedName(name_);
  if (names_.count(plain) > 0) name_ = plain;
  names_.insert(name_);
  if (const int error = Make(); error != 0) return Failure(error);
  for (int count = 0; count <= kMaxSameNames; ++count) {
    const std::string path =
        absl::StrCat(path_, "/", NumberedName(name_, count));
    file_ = ScopedFd(open(path.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          kFileMode));
    if (file_.get() >= 0) return absl::OkStatus();
    if (errno != EEXIST) return Failure(errno);
  }
  return Failure(EEXIST);
}

absl::Status ObjectFolder::Add(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::cli
