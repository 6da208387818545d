// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_FILTER_ERROR_H_
#define CLIENTS_CLI_CAPTURE_FILTER_ERROR_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Returns whether a capture was refused because of a capture filter.
bool IsCaptureFilterError(const grpc::Status& status);

// Returns tshark's message about a capture filter that doesn't compile. Asks
// the daemon whether the filter is a display filter. `interface` is the name
// for users of the interface whose filter it is.
std::string CaptureFilterErrorText(
    const std::shared_ptr<grpc::Channel>& channel, const grpc::Status& status,
    const std::string& filter, const std::string& interface);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_FILTER_ERROR_H_
