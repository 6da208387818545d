// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_STORED_FILE_H_
#define CLIENTS_CLI_STORED_FILE_H_

#include <functional>
#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// How a command can use a file of this machine.
enum class LocalFiles {
  // With its option `--local`.
  kWithOption,
  // Only once the file is uploaded.
  kAfterUpload,
};

// What to do if the store has no file with the given path, but files with that
// path in deeper folders, as uploads and captures have.
enum class ShortNames {
  // Uses the file if there is only one, and says so on standard error. Not if
  // this machine has another file of that name.
  kFind,
  // Only names the files, as the command would destroy the wrong one.
  kList,
};

// Makes a call on the file that the user names `name`, with or without
// `files/` in front. `call` gets the resource name, and is called a second time
// if a file is found by its short name. Returns the status of the last call; if
// there is no such file, its message has the full names of similar files, and
// says if this machine has a file of that name.
grpc::Status CallOnStoredFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
    LocalFiles local_files, ShortNames short_names,
    const std::function<grpc::Status(const std::string& resource)>& call);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_STORED_FILE_H_
