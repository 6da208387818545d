// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ATTACHED_FILES_H_
#define CLIENTS_CLI_ATTACHED_FILES_H_

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/folder_files.h"
#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// What to do if a key log or a keytab can't be read.
enum class MissingKeys { kFail, kIgnoreAsTshark };

// The files of this machine that preferences name, and the files of the folders
// that they name. They go to the daemon with the request.
class AttachedFiles {
 public:
  // Replaces the files and folders that preferences name by attachments. Asks
  // the daemon which preferences name files. Errors: INVALID_ARGUMENT if a file
  // can't be read, or all of them are too large or too many for a request.
  absl::Status AttachTo(const std::shared_ptr<grpc::Channel>& channel,
                        MissingKeys missing, v1::DissectionOptions* options);

  // Returns a text of the daemon's with the names of the files as the user has
  // given them.
  std::string WithPaths(absl::string_view text) const;

 private:
  absl::Status AttachIn(v1::PreferenceSetting* setting,
                        v1::DissectionOptions* options);
  absl::StatusOr<std::string> AttachInRow(
      absl::string_view row, size_t column,
      absl::FunctionRef<absl::StatusOr<std::string>(const std::string& path)>
          attach);
  // Return the value of a preference that refers to a file or a folder.
  absl::StatusOr<std::string> Attach(const std::string& path,
                                     v1::DissectionOptions* options);
  absl::StatusOr<std::string> AttachFolder(const std::string& path,
                                           const FolderSelection& selection,
                                           v1::DissectionOptions* options);
  // Returns a name for a file or a folder that no other has.
  std::string UnusedName(absl::string_view path);
  absl::Status Send(const std::string& path, const std::string& name,
                    v1::DissectionOptions* options);

  // The references to the files and folders by their paths.
  std::map<std::string, std::string> references_;
  // Their names as attachments, without folders.
  std::set<std::string> names_;
  // The size of the options with what is attached so far.
  size_t sent_bytes_ = 0;
};

// Attaches the files of the options as AttachedFiles::AttachTo does. Prints
// errors.
ExitCode AttachFiles(const std::shared_ptr<grpc::Channel>& channel,
                     MissingKeys missing, v1::DissectionOptions* options,
                     AttachedFiles* attached);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ATTACHED_FILES_H_
