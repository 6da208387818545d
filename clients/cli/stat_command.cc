// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stat_command.h"

#include <memory>

#include "clients/cli/checked_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/plot_options.h"
#include "clients/cli/print_options.h"
#include "clients/cli/read_options.h"
#include "clients/cli/reading.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

struct RawStatOptions {
  RawReadOptions read;
  RawPlotOptions plot;
};

absl::Status CheckStatOptions(const CLI::App& command,
                              const RawStatOptions& raw, ReadOptions* options) {
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, options));
  RETURN_IF_ERROR(
      CheckTimeOptions(command, raw.read.print, &options->print.dissection));
  RETURN_IF_ERROR(CheckPlotOptions(command, raw.plot, raw.read.analysis.reports,
                                   &options->analysis.plot));
  options->print.print = false;
  return absl::OkStatus();
}

}  // namespace

void AddStatCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("stat", "Print reports, as tshark -q -z does");
  const auto raw = std::make_shared<RawStatOptions>();
  AddSelectionOptions(command, &raw->read);
  AddTimeOptions(command, &raw->read.print);
  AddQuestionOptions(command, &raw->read);
  AddPlotOptions(command, &raw->plot);
  command->get_option("-z")->required();
  AddExamples(command,
              {"dissectctl reports", "dissectctl stat dns.pcap -z dns,tree",
               "dissectctl stat --local trace.pcap -z conv,tcp "
               "-z io,stat,1",
               "dissectctl stat dns.pcap -z io,stat,0.1 --plot",
               "dissectctl stat --local trace.pcap -z tcp,graph,0 --plot=rtt "
               "--plot-svg rtt.svg"});
  SetCheckedAction(command, raw, CheckStatOptions, ReadCapture, action);
}

}  // namespace dissectd::cli
