// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_READ_COMMAND_H_
#define CLIENTS_CLI_READ_COMMAND_H_

#include <memory>

#include "clients/cli/exit_codes.h"
#include "clients/cli/read_options.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// `dissectctl read`: requests the dissection of a capture and prints the result
// to standard output as tshark would. Errors go to standard error.
ExitCode RunRead(const std::shared_ptr<grpc::Channel>& channel,
                 const ReadOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_READ_COMMAND_H_
