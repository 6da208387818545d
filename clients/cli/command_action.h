// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMMAND_ACTION_H_
#define CLIENTS_CLI_COMMAND_ACTION_H_

#include <functional>
#include <memory>

#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// The action of the chosen command, run after the command line is parsed.
using Action =
    std::function<ExitCode(const std::shared_ptr<grpc::Channel>& channel)>;

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMMAND_ACTION_H_
