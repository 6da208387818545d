// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stat_command.h"

#include <memory>

#include "clients/cli/checked_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/read_options.h"
#include "clients/cli/reading.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

absl::Status CheckStatOptions(const CLI::App& command,
                              const RawReadOptions& raw, ReadOptions* options) {
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw, options));
  RETURN_IF_ERROR(
      CheckTimeOptions(command, raw.print, &options->print.dissection));
  options->print.print = false;
  return absl::OkStatus();
}

}  // namespace

void AddStatCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("stat", "Print reports, as tshark -q -z does");
  const auto raw = std::make_shared<RawReadOptions>();
  AddSelectionOptions(command, raw.get());
  AddTimeOptions(command, &raw->print);
  AddQuestionOptions(command, raw.get());
  command->get_option("-z")->required();
  AddExamples(command,
              {"dissectctl reports", "dissectctl stat dns.pcap -z dns,tree",
               "dissectctl stat --local trace.pcap -z conv,tcp "
               "-z io,stat,1"});
  SetCheckedAction(command, raw, CheckStatOptions, ReadCapture, action);
}

}  // namespace dissectd::cli
