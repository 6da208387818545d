// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_FLEET_DISSECTION_H_
#define CLIENTS_CLI_FLEET_FLEET_DISSECTION_H_

#include <memory>

#include "clients/cli/exit_codes.h"
#include "clients/cli/fleet/fleet_options.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Captures on nodes and prints the merged frames until the captures end or the
// user interrupts the command; or only starts the captures. Prints errors.
ExitCode RunFleetCapture(const std::shared_ptr<grpc::Channel>& channel,
                         const FleetOptions& options);

// Prints the merged frames of captures that exist.
ExitCode RunFleetDissect(const std::shared_ptr<grpc::Channel>& channel,
                         const FleetOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_FLEET_DISSECTION_H_
