// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_FLEET_CANDIDATES_H_
#define CLIENTS_CLI_COMPLETION_FLEET_CANDIDATES_H_

#include <memory>

#include "clients/cli/completion/candidates.h"
#include "clients/cli/completion/value_source.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Returns the values that a fleet knows: those of the nodes that answer within
// CompletionPatience. None if `source` isn't the fleet, or if that doesn't
// answer.
Candidates FleetCandidates(const std::shared_ptr<grpc::Channel>& channel,
                           ValueSource source);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_FLEET_CANDIDATES_H_
