// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERFACES_COMMAND_H_
#define CLIENTS_CLI_INTERFACES_COMMAND_H_

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// The options of `dissectctl interfaces`.
struct InterfacesOptions {
  std::vector<std::string> interfaces;  // -i
  bool link_types = false;              // -L
  bool timestamp_types = false;
  bool monitor_mode = false;  // -I
  bool statistics = false;
};

// Adds the options to a command of the program. `options` is not owned and
// outlives the command.
void AddInterfacesOptions(CLI::App* command, InterfacesOptions* options);

// `dissectctl interfaces`: prints the interfaces as `tshark -D` does, or their
// capabilities as `tshark -L` and `tshark --list-time-stamp-types` do, or their
// counters every second until it is interrupted. A line of counters has these
// tab-separated parts, with `-` for unknown ones: time, name, `up` or `down`,
// packets that a capture would have seen, and the kernel's packets, bytes,
// drops and errors, received and sent.
ExitCode RunInterfaces(const std::shared_ptr<grpc::Channel>& channel,
                       const InterfacesOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERFACES_COMMAND_H_
