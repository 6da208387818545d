// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_READING_H_
#define CLIENTS_CLI_READING_H_

#include <memory>

#include "clients/cli/exit_codes.h"
#include "clients/cli/read_options.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Prints the frames of a capture if asked to, and then what is asked about it
// as a whole. Prints errors.
ExitCode ReadCapture(const std::shared_ptr<grpc::Channel>& channel,
                     const ReadOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_READING_H_
