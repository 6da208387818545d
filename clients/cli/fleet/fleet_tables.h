// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_FLEET_TABLES_H_
#define CLIENTS_CLI_FLEET_FLEET_TABLES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// What the commands that print tables about nodes are given.
struct FleetTableOptions {
  std::vector<std::string> nodes;
  std::vector<std::string> captures;
  bool no_headers = false;
  bool kill = false;
  double interval = 1;
  uint32_t top = 5;
};

// Each prints a table, and then what nodes couldn't do as errors.

// The nodes, sorted by name, with their states and clocks.
ExitCode RunFleetNodes(const std::shared_ptr<grpc::Channel>& channel,
                       const FleetTableOptions& options);
// The interfaces of nodes.
ExitCode RunFleetInterfaces(const std::shared_ptr<grpc::Channel>& channel,
                            const FleetTableOptions& options);
// The captures of nodes.
ExitCode RunFleetCaptures(const std::shared_ptr<grpc::Channel>& channel,
                          const FleetTableOptions& options);
// Captures that it stops.
ExitCode RunFleetStop(const std::shared_ptr<grpc::Channel>& channel,
                      const FleetTableOptions& options);
// The packets of captures in each interval until they end, and in the end those
// of all together.
ExitCode RunFleetRates(const std::shared_ptr<grpc::Channel>& channel,
                       const FleetTableOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_FLEET_TABLES_H_
