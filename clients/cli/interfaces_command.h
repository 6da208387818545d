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

// Adds the options to a command of the program. `options` is not owned;
// outlives the command.
void AddInterfacesOptions(CLI::App* command, InterfacesOptions* options);

// `dissectctl interfaces`: prints the interfaces as `tshark -D` does; or what
// some of them can do, as `tshark -L` and `tshark --list-time-stamp-types` do;
// or, until it is interrupted, their counters every second, one interface a
// line: time, name, `up` or `down`, packets that a capture would have seen,
// and the kernel's packets, bytes, drops and errors, received and sent;
// separated by tabs, `-` if unknown.
ExitCode RunInterfaces(const std::shared_ptr<grpc::Channel>& channel,
                       const InterfacesOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERFACES_COMMAND_H_
