// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ATTACHED_FILES_H_
#define CLIENTS_CLI_ATTACHED_FILES_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// What to do if a key log or a keytab can't be read.
enum class MissingKeys { kFail, kIgnoreAsTshark };

// The files of this machine that preferences name. They go to the daemon with
// the request.
class AttachedFiles {
 public:
  // Replaces the files that preferences name by attachments. Asks the daemon
  // which preferences name files. Errors: INVALID_ARGUMENT if a file can't be
  // read, or all of them are too large for a request.
  absl::Status AttachTo(const std::shared_ptr<grpc::Channel>& channel,
                        MissingKeys missing, v1::DissectionOptions* options);

  // Returns a text of the daemon's with the names of the files as the user has
  // given them.
  std::string WithPaths(absl::string_view text) const;

 private:
  absl::Status AttachIn(v1::PreferenceSetting* setting,
                        v1::DissectionOptions* options);
  absl::StatusOr<std::string> AttachInRow(absl::string_view row, size_t column,
                                          v1::DissectionOptions* options);
  // Returns the value of a preference that refers to a file.
  absl::StatusOr<std::string> Attach(const std::string& path,
                                     v1::DissectionOptions* options);

  // The references to the files by their paths.
  std::map<std::string, std::string> references_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ATTACHED_FILES_H_
