// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_CONTEXTS_H_
#define CLIENTS_CLI_CONNECTION_CONTEXTS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/connection/connection_options.h"

namespace dissectd::cli {

// The daemons that the user has named, and the one that is used if the command
// line names none. They are kept in a file in JSON:
//
//   {
//     "current_context": "lab",
//     "contexts": {
//       "lab": {"server": "lab.example:50051", "tls": true,
//               "token_file": "/home/me/.config/dissectd/lab.token"}
//     }
//   }
//
// The keys of a context are the names of the options without their dashes at
// the beginning, with `_` for `-`. Relative paths are relative to the file's
// folder.
class Contexts {
 public:
  // Returns the path of the file: `$DISSECTD_CONFIG`, or
  // `$XDG_CONFIG_HOME/dissectd/config.json`, or below `~/.config`. Empty if the
  // user has no home.
  static std::string Path();

  // Reads the file. A missing file has no contexts. Errors: INVALID_ARGUMENT
  // with the path and what is wrong.
  static absl::StatusOr<Contexts> Load();

  // Parses the content of the file in `folder`.
  static absl::StatusOr<Contexts> Parse(absl::string_view content,
                                        const std::string& folder);

  // Replaces the file, which only its owner can read, or leaves it as it is.
  absl::Status Save() const;

  // Returns a context by its name; with an empty name the current one, or no
  // options if there is none. Errors: INVALID_ARGUMENT, which lists the names
  // that there are.
  absl::StatusOr<ConnectionOptions> Get(const std::string& name) const;

  // Sets those options of a context that aren't empty; adds it if there is
  // none.
  void Set(const std::string& name, const ConnectionOptions& options);
  // Returns whether there was such a context.
  bool Delete(const std::string& name);
  // Makes a context the current one. Errors: as Get.
  absl::Status Use(const std::string& name);

  const std::string& current() const { return current_; }
  const std::map<std::string, ConnectionOptions>& all() const { return all_; }

  // Returns the content of the file.
  std::string ToJson() const;

 private:
  std::string current_;
  std::map<std::string, ConnectionOptions> all_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_CONTEXTS_H_
