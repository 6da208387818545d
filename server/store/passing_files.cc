// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/passing_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/random_id.h"

namespace dissectd::server {

std::string NewPassingName() { return absl::StrCat(".", NewRandomId()); }

bool IsPassingName(absl::string_view name) {
  return absl::ConsumePrefix(&name, ".") && IsRandomId(name);
}

PassingFiles::~PassingFiles() {
  for (const std::string& name : names_) {
    unlinkat(folder_.get(), name.c_str(), 0);
  }
}

int PassingFiles::Add(const UniqueFd& file) {
  const std::string source = absl::StrCat("/proc/self/fd/", file.get());
  std::string name = NewPassingName();
  if (linkat(AT_FDCWD, source.c_str(), folder_.get(), name.c_str(),
             AT_SYMLINK_FOLLOW) != 0) {
    return errno;
  }
  names_.push_back(std::move(name));
  return 0;
}

int PassingFiles::Name(const std::vector<std::string>& names, size_t* failed) {
  int error = 0;
  for (size_t i = 0; i < names.size() && error == 0; ++i) {
    *failed = i;
    if (renameat2(folder_.get(), names_[i].c_str(), folder_.get(),
                  names[i].c_str(), RENAME_NOREPLACE) == 0) {
      // Deletes the file by this name if another one can't get its own.
      names_[i] = names[i];
    } else {
      error = errno;
    }
  }
  if (error == 0 && fsync(folder_.get()) != 0) error = errno;
  if (error == 0) names_.clear();
  return error;
}

}  // namespace dissectd::server
