// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FOLDER_FILES_H_
#define CLIENTS_CLI_FOLDER_FILES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// The files of a folder that are of use.
struct FolderSelection {
  // The extensions of their names, with the dot; empty for none.
  std::vector<absl::string_view> extensions;
  // Whether those in folders of the folder are.
  bool below;
};

// A file of a folder.
struct FolderFile {
  // Its name in the folder, with slashes if it is in a folder there.
  std::string name;
  // Its path on this machine.
  std::string path;
};

// The number of files of folders that a request can have.
inline constexpr size_t kMaxFolderFiles = 2000;

// Returns the regular files of a folder of this machine that are selected,
// sorted by name, without hidden ones. Follows symbolic links, but enters no
// folder twice. Errors: INVALID_ARGUMENT if the folder can't be read, has too
// many files or too many folders in each other.
absl::StatusOr<std::vector<FolderFile>> FilesIn(
    const std::string& folder, const FolderSelection& selection);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FOLDER_FILES_H_
