// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_DUMPCAP_ARGUMENTS_H_
#define CLIENTS_CLI_TSHARK_DUMPCAP_ARGUMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dissectd::cli::tshark {

// Returns the arguments for tshark that do what these do for dumpcap, for
// programs that let dumpcap capture and tshark dissect. Errors:
// INVALID_ARGUMENT for an option that tshark has no equivalent of.
absl::StatusOr<std::vector<std::string>> FromDumpcapArguments(
    const std::vector<std::string>& arguments);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_DUMPCAP_ARGUMENTS_H_
