// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_PASSING_FILES_H_
#define SERVER_STORE_PASSING_FILES_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// Returns a name that a file has only until it gets its own. Names that clients
// choose don't begin with a dot.
std::string NewPassingName();
bool IsPassingName(absl::string_view name);

// Files of a folder that don't have their own names yet. Those that get none
// are deleted with this; after a crash, the next daemon deletes them. Calls may
// block on the file system.
class PassingFiles {
 public:
  explicit PassingFiles(UniqueFd folder) : folder_(std::move(folder)) {}
  ~PassingFiles();
  PassingFiles(PassingFiles&&) = default;
  PassingFiles& operator=(PassingFiles&&) = delete;
  PassingFiles(const PassingFiles&) = delete;
  PassingFiles& operator=(const PassingFiles&) = delete;

  // Adds a file without a name. Returns the error of link(2).
  int Add(const UniqueFd& file);

  // Gives all files their names, or none of them. Returns 0 or the error of
  // rename(2) for the name at `*failed`.
  int Name(const std::vector<std::string>& names, size_t* failed);

 private:
  UniqueFd folder_;
  std::vector<std::string> names_;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_PASSING_FILES_H_
