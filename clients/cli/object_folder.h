// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OBJECT_FOLDER_H_
#define CLIENTS_CLI_OBJECT_FOLDER_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {

// A folder into which objects are saved, each as a new file. Never writes to an
// existing file, or outside of the folder, whatever the names of objects are.
class ObjectFolder {
 public:
  explicit ObjectFolder(std::string path) : path_(std::move(path)) {}

  // Begins a file with this name, or if there is one already, with a number
  // after the name. Makes the folder and those above it if need be. Errors: a
  // message for the user.
  absl::Status Begin(const std::string& name);

  // Writes to the file that was begun last. Errors: a message for the user.
  absl::Status Add(absl::string_view bytes);

 private:
  absl::Status MakeFolder();

  const std::string path_;
  bool made_ = false;
  std::string file_path_;
  ScopedFd file_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OBJECT_FOLDER_H_
