// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PROTOCOL_NAMES_H_
#define CLIENTS_CLI_PROTOCOL_NAMES_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

namespace dissectd::cli {

// Replaces the older names of protocols and their fields (`bootp`,
// `ssl.record`) by the current ones, as the server knows them. Leaves unknown
// names as they are.
void ResolveOlderNames(const std::shared_ptr<grpc::Channel>& channel,
                       std::vector<std::string>* names);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PROTOCOL_NAMES_H_
