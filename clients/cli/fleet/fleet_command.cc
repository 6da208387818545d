// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/fleet_command.h"

#include <memory>

#include "clients/cli/checked_command.h"
#include "clients/cli/fleet/fleet_dissection.h"
#include "clients/cli/fleet/fleet_options.h"
#include "clients/cli/fleet/fleet_tables.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/rates_options.h"

namespace dissectd::cli {
namespace {

using TableOptionsPtr = std::shared_ptr<FleetTableOptions>;

// Adds a command that prints a table.
CLI::App* AddTableCommand(
    CLI::App* fleet, const char* name, const char* help,
    const TableOptionsPtr& options,
    ExitCode (*run)(const std::shared_ptr<grpc::Channel>& channel,
                    const FleetTableOptions& options),
    Action* action) {
  CLI::App* command = fleet->add_subcommand(name, help);
  command->callback([options, run, action] {
    *action = [options, run](const std::shared_ptr<grpc::Channel>& channel) {
      return run(channel, *options);
    };
  });
  AddNoHeaders(command, &options->no_headers);
  return command;
}

void AddLists(CLI::App* fleet, const TableOptionsPtr& options, Action* action) {
  CLI::App* nodes =
      AddTableCommand(fleet, "nodes", "List nodes, their states and clocks",
                      options, RunFleetNodes, action);
  AddNodes(nodes, &options->nodes);
  AddExamples(nodes, {"dissectctl fleet nodes"});
  CLI::App* interfaces =
      AddTableCommand(fleet, "interfaces", "List the interfaces of nodes",
                      options, RunFleetInterfaces, action);
  AddNodes(interfaces, &options->nodes);
  AddExamples(interfaces, {"dissectctl fleet interfaces"});
  CLI::App* captures =
      AddTableCommand(fleet, "captures", "List the captures of nodes", options,
                      RunFleetCaptures, action);
  AddNodes(captures, &options->nodes);
  AddExamples(captures, {"dissectctl fleet capture -i lo --detach -c 10",
                         "dissectctl fleet captures"});
}

void AddCapture(CLI::App* fleet, Action* action) {
  CLI::App* command = fleet->add_subcommand(
      "capture", "Capture on nodes, and print merged frames");
  const auto raw = std::make_shared<RawFleetOptions>();
  AddFleetCaptureOptions(command, raw.get());
  AddExamples(command,
              {"dissectctl fleet capture -i any -f 'udp port 53' -c 10",
               "dissectctl fleet capture -i lo -Y dns -a duration:2",
               "dissectctl fleet capture -i lo --detach -c 10"});
  SetCheckedAction(command, raw, CheckFleetCaptureOptions, RunFleetCapture,
                   action);
}

void AddDissect(CLI::App* fleet, Action* action) {
  CLI::App* command = fleet->add_subcommand(
      "dissect", "Print merged frames of captures until they end");
  const auto raw = std::make_shared<RawFleetOptions>();
  AddFleetDissectOptions(command, raw.get());
  AddExamples(
      command,
      {"captures=$(dissectctl fleet capture -i lo -f 'port 53' --detach -c 10)",
       "dissectctl fleet dissect $captures -Y dns"});
  SetCheckedAction(command, raw, CheckFleetDissectOptions, RunFleetDissect,
                   action);
}

void AddRates(CLI::App* fleet, const TableOptionsPtr& options, Action* action) {
  CLI::App* rates = AddTableCommand(fleet, "rates",
                                    "Print rates and top protocols of captures",
                                    options, RunFleetRates, action);
  AddNodeCaptures(rates, &options->captures);
  AddRatesOptions(rates, &options->interval, &options->top);
  AddExamples(
      rates,
      {"captures=$(dissectctl fleet capture -i lo --detach -a duration:2)",
       "dissectctl fleet rates $captures --interval 0.5 --top 3"});
}

void AddStop(CLI::App* fleet, const TableOptionsPtr& options, Action* action) {
  CLI::App* stop =
      AddTableCommand(fleet, "stop", "Stop captures, and print their totals",
                      options, RunFleetStop, action);
  AddNodeCaptures(stop, &options->captures);
  stop->add_flag("--kill", options->kill, "Stop at once; packets may be lost");
  AddExamples(stop, {"captures=$(dissectctl fleet capture -i lo --detach)",
                     "dissectctl fleet stop $captures"});
}

}  // namespace

void AddFleetCommand(CLI::App* program, Action* action) {
  CLI::App* fleet = program->add_subcommand(
      kFleetCommand, "Capture on many machines, by dissectd-fleet");
  fleet->require_subcommand(1);
  const auto options = std::make_shared<FleetTableOptions>();
  AddLists(fleet, options, action);
  AddCapture(fleet, action);
  AddDissect(fleet, action);
  AddRates(fleet, options, action);
  AddStop(fleet, options, action);
  AddExamples(fleet, {"dissectctl fleet nodes",
                      "dissectctl fleet capture -i any -Y dns -c 10"});
}

}  // namespace dissectd::cli
