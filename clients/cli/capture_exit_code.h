// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_EXIT_CODE_H_
#define CLIENTS_CLI_CAPTURE_EXIT_CODE_H_

#include <memory>

#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Returns the exit code for a failed call on a capture: that of tshark in the
// release of the engine, which the daemon is asked for if it matters.
ExitCode CaptureExitCodeOf(const std::shared_ptr<grpc::Channel>& channel,
                           const grpc::Status& status);

// Returns the exit code if a capture of this machine can't be opened.
ExitCode UnreadableCaptureExitCode(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_EXIT_CODE_H_
