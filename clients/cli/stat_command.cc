// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stat_command.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/plot_options.h"
#include "clients/cli/print_options.h"
#include "clients/cli/read_options.h"
#include "clients/cli/reading.h"
#include "clients/cli/report_watch.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

struct RawStatOptions {
  RawReadOptions read;
  RawPlotOptions plot;
  bool watch = false;
  double interval = 1;
};

struct StatOptions {
  ReadOptions read;
  bool watch = false;
  ReportWatchOptions watched;
};

// Checks the options of reports that are printed while a capture runs.
absl::Status CheckWatchOptions(const CLI::App& command,
                               const RawStatOptions& raw,
                               ReportWatchOptions* options) {
  for (const char* const option :
       {"--local", "--session", "-2", "-R", "-c", "--from", "--until",
        "--read-format", "--export-objects", "--export-tls-session-keys",
        "--plot", "--plot-side", "--plot-size", "--plot-svg"}) {
    if (!IsGiven(command, option)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(option, " can't be used with --watch."));
  }
  RETURN_IF_ERROR(
      CheckProcessingOptions(command, raw.read.print, &options->print));
  RETURN_IF_ERROR(
      CheckTimeOptions(command, raw.read.print, &options->print.dissection));
  options->capture = raw.read.file;
  options->reports = raw.read.analysis.reports;
  options->interval = raw.interval;
  return absl::OkStatus();
}

absl::Status CheckStatOptions(const CLI::App& command,
                              const RawStatOptions& raw, StatOptions* options) {
  options->watch = raw.watch;
  if (raw.watch) return CheckWatchOptions(command, raw, &options->watched);
  ReadOptions& read = options->read;
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, &read));
  RETURN_IF_ERROR(
      CheckTimeOptions(command, raw.read.print, &read.print.dissection));
  RETURN_IF_ERROR(CheckPlotOptions(command, raw.plot, raw.read.analysis.reports,
                                   &read.analysis.plot));
  read.print.print = false;
  return absl::OkStatus();
}

ExitCode RunStat(const std::shared_ptr<grpc::Channel>& channel,
                 const StatOptions& options) {
  return options.watch ? WatchReports(channel, options.watched)
                       : ReadCapture(channel, options.read);
}

}  // namespace

void AddStatCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("stat", "Print reports, as tshark -q -z does");
  const auto raw = std::make_shared<RawStatOptions>();
  AddWholeCaptureOptions(command, &raw->read);
  AddTimeOptions(command, &raw->read.print);
  AddAnalysisOptions(command, &raw->read.analysis);
  AddPlotOptions(command, &raw->plot);
  command->get_option("-z")->required();
  CLI::Option* const watch = command->add_flag(
      "--watch", raw->watch,
      "FILE is the name of a capture (see \"dissectctl captures\"); print the "
      "reports again and again until it ends");
  command
      ->add_option("--interval", raw->interval,
                   "Seconds from one time to the next, 0.1 to 86400")
      ->check(NumberFrom(0.1, 86400))
      ->type_name("SECONDS")
      ->capture_default_str()
      ->needs(watch);
  AddExamples(command,
              {"dissectctl reports", "dissectctl stat dns.pcap -z dns,tree",
               "dissectctl stat --local trace.pcap -z conv,tcp -z io,stat,1",
               "dissectctl stat dns.pcap -z io,stat,0.1 --plot",
               "dissectctl stat --local trace.pcap -z tcp,graph,0 --plot=rtt",
               "capture=$(dissectctl capture -i lo --detach -a duration:2)",
               "dissectctl stat --watch \"$capture\" -z conv,ip"});
  SetCheckedAction(command, raw, CheckStatOptions, RunStat, action);
}

}  // namespace dissectd::cli
