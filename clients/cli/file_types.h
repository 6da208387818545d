// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILE_TYPES_H_
#define CLIENTS_CLI_FILE_TYPES_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// If the reason of an error is that `-F` has the wrong file type, prints the
// right ones to stderr, as tshark does. Prints nothing if the daemon can't be
// asked.
void PrintRightFileTypes(const std::shared_ptr<grpc::Channel>& channel,
                         absl::string_view reason);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILE_TYPES_H_
