// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ANALYSIS_NAMES_H_
#define CLIENTS_CLI_ANALYSIS_NAMES_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Prints the names that are right, as an error, if `reason` is that of an error
// about the name of a follower or of a type of objects.
void PrintRightAnalysisNames(const std::shared_ptr<grpc::Channel>& channel,
                             absl::string_view reason);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ANALYSIS_NAMES_H_
