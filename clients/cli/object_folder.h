// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OBJECT_FOLDER_H_
#define CLIENTS_CLI_OBJECT_FOLDER_H_

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/scoped_fd.h"
#include "dissectd/v1/analysis.pb.h"

namespace dissectd::cli {

// Returns the name for a file that `count` others have already: tshark's
// `name(count).extension`. 0 leaves it as it is.
std::string NumberedName(const std::string& name, int count);

// Returns the name that NumberedName made this one of; the same if it made
// none.
std::string UnnumberedName(const std::string& name);

// A folder into which objects are saved, each as a new file. Never writes to an
// existing file, or outside of the folder, whatever the names of objects are.
class ObjectFolder {
 public:
  explicit ObjectFolder(std::string path) : path_(std::move(path)) {}

  // Makes the folder and those above it if need be. Returns an error number; 0
  // if all is well.
  int Make() const;

  // Begins a file for this object. If there is one of its name already, the
  // name gets a number, as in tshark. Makes the folder if need be. Errors: a
  // message for the user.
  absl::Status Begin(const v1::ExportObject& object);

  // Writes to the file that was begun last. Errors: a message for the user.
  absl::Status Add(absl::string_view bytes);

 private:
  absl::Status Failure(int error) const;

  const std::string path_;
  // The name of the current object.
  std::string name_;
  // The names of all objects so far, without numbers.
  std::set<std::string> names_;
  ScopedFd file_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OBJECT_FOLDER_H_
