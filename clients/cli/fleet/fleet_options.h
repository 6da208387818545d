// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_FLEET_OPTIONS_H_
#define CLIENTS_CLI_FLEET_FLEET_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/capture_options.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/fleet.pb.h"

namespace dissectd::cli {

// The options of `dissectctl fleet capture` and `fleet dissect` as given.
struct RawFleetOptions {
  std::vector<std::string> nodes;     // --node
  std::vector<std::string> captures;  // CAPTURE
  bool detach = false;
  bool from_now = false;
  bool adjust_clocks = false;
  std::string reorder_window = "1";
  RawCaptureOptions capture;
};

// The checked options.
struct FleetOptions {
  // The nodes and captures as given.
  std::vector<std::string> nodes;
  std::vector<std::string> captures;
  // How to capture; not for captures that exist.
  v1::CaptureOptions capture;
  // Whether to exit once the captures have started.
  bool detach = false;
  // Whether to print only frames and errors.
  bool very_quiet = false;
  PrintOptions print;
  // The request as far as it has to do with merging.
  v1::DissectNodesRequest merging;
};

// Adds `--node`. `nodes` is not owned and outlives the command.
void AddNodes(CLI::App* command, std::vector<std::string>* nodes);

// Adds the operands of a command on captures of nodes. `captures` is not owned
// and outlives the command.
void AddNodeCaptures(CLI::App* command, std::vector<std::string>* captures);

// Add the options of each command. `raw` is not owned and outlives the command.
void AddFleetCaptureOptions(CLI::App* command, RawFleetOptions* raw);
void AddFleetDissectOptions(CLI::App* command, RawFleetOptions* raw);

// Check them after parsing. Errors: INVALID_ARGUMENT.
absl::Status CheckFleetCaptureOptions(const CLI::App& command,
                                      const RawFleetOptions& raw,
                                      FleetOptions* options);
absl::Status CheckFleetDissectOptions(const CLI::App& command,
                                      const RawFleetOptions& raw,
                                      FleetOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_FLEET_OPTIONS_H_
