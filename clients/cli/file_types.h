// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILE_TYPES_H_
#define CLIENTS_CLI_FILE_TYPES_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Prints the valid file types to stderr, as tshark does, if the error is an
// unknown type after `-F`. Prints nothing if the daemon cannot be reached.
void PrintRightFileTypes(const std::shared_ptr<grpc::Channel>& channel,
                         absl::string_view reason);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILE_TYPES_H_
