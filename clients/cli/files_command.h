// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILES_COMMAND_H_
#define CLIENTS_CLI_FILES_COMMAND_H_

#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// `dissectctl files ...`: each command prints one line per file to standard
// output with tab-separated size in bytes, modification time, `u` if it was
// uploaded or else `-`, and name.

// Lists the files whose path starts with `prefix`.
ExitCode RunFilesList(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& prefix);
ExitCode RunFilesGet(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& name);
// Writes the bytes of a file to standard output.
ExitCode RunFilesDownload(const std::shared_ptr<grpc::Channel>& channel,
                          const std::string& name);
ExitCode RunFilesDelete(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name);
// Uploads a file of this machine and prints its name in the store.
ExitCode RunFilesUpload(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& path);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILES_COMMAND_H_
