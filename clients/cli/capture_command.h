// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_COMMAND_H_
#define CLIENTS_CLI_CAPTURE_COMMAND_H_

#include <memory>

#include "clients/cli/capture_options.h"
#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// `dissectctl capture`: captures on the daemon's machine, and prints the
// packets to standard output as they come, as tshark would, until the capture
// ends or the user interrupts it. Errors and totals go to standard error.
ExitCode RunCapture(const std::shared_ptr<grpc::Channel>& channel,
                    const CaptureCommandOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_COMMAND_H_
