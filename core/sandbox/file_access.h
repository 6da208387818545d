// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SANDBOX_FILE_ACCESS_H_
#define CORE_SANDBOX_FILE_ACCESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

// Restricts the files that a process can open, with Landlock. Descriptors that
// are open stay usable. Paths that don't exist are ignored, and so is
// everything if the kernel has no Landlock. There is no way back.
namespace dissectd {

struct FileAccess {
  // Files, and folders with all that is below them.
  std::vector<std::string> readable;
  // Files, and folders in which everything is allowed except executing.
  std::vector<std::string> writable;
  // Programs.
  std::vector<std::string> executable;
  // Descriptors of files that can be opened again for reading.
  std::vector<int> readable_files;
  // Whether TCP may be used. Signals and abstract sockets never leave the
  // process and its children.
  bool network = false;
};

// Returns the version of Landlock that the kernel has; 0 if it has none.
int LandlockVersion();

// Allows nothing but `access` to this thread and its future children. Needs
// no_new_privs. Errors: INTERNAL.
absl::Status RestrictFiles(const FileAccess& access);

// Takes away the rights to write and execute files. Errors: INTERNAL.
absl::Status ForbidWritingFiles();

}  // namespace dissectd

#endif  // CORE_SANDBOX_FILE_ACCESS_H_
