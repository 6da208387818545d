// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/fleet_options.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/interface_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/stop_options.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::cli {
namespace {

constexpr double kLongestWindow = 60;

void AddMergingOptions(CLI::App* command, RawFleetOptions* raw) {
  AddValue(command, "--reorder-window", &raw->reorder_window,
           "Seconds for which a frame waits for earlier ones of other nodes, "
           "0 to 60")
      ->check(NumberFrom(0, kLongestWindow))
      ->type_name("SECONDS")
      ->capture_default_str();
  command->add_flag("--adjust-clocks", raw->adjust_clocks,
                    "Order frames by the fleet's clock, not by those of the "
                    "nodes");
}

absl::Status CheckMerging(const RawFleetOptions& raw, FleetOptions* options) {
  double seconds = 0;
  if (!absl::SimpleAtod(raw.reorder_window, &seconds)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", raw.reorder_window, "\" isn't a number of seconds."));
  }
  constexpr double kNanosInSecond = 1e9;
  *options->merging.mutable_reorder_window() =
      google::protobuf::util::TimeUtil::NanosecondsToDuration(
          static_cast<int64_t>(seconds * kNanosInSecond));
  options->merging.set_adjust_clocks(raw.adjust_clocks);
  options->merging.mutable_live()->set_from_now(raw.from_now);
  return absl::OkStatus();
}

// Returns whether frames of several nodes can be printed one after the other.
bool IsMergeable(OutputType type) {
  switch (type) {
    case OutputType::kText:
    case OutputType::kTabs:
    case OutputType::kFields:
    case OutputType::kEk:
    case OutputType::kNone:
      return true;
    case OutputType::kJson:
    case OutputType::kJsonRaw:
    case OutputType::kPdml:
    case OutputType::kPsml:
      return false;
  }
  return false;
}

absl::Status CheckPrint(const CLI::App& command, const RawPrintOptions& raw,
                        FleetOptions* options) {
  RETURN_IF_ERROR(CheckPrintOptions(command, raw, /*print_by_default=*/true,
                                    &options->print));
  options->print.live = true;
  options->very_quiet = raw.very_quiet;
  if (!IsMergeable(options->print.type)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "-T ", raw.output_type,
        " is one document, which frames of many nodes can't be; use -T ek"));
  }
  // Times since the beginnings of captures can't be compared.
  if (!IsGiven(command, "-t")) {
    options->print.dissection.mutable_timestamp_format()->set_type(
        v1::TIMESTAMP_TYPE_UTC);
  }
  return absl::OkStatus();
}

absl::Status CheckInterfaces(const v1::CaptureOptions& capture) {
  for (const v1::InterfaceOptions& interface : capture.interfaces()) {
    if (interface.name().empty()) {
      return absl::InvalidArgumentError(
          "-i INTERFACE is missing, as each node has a list of its own; "
          "\"any\" "
          "is all interfaces of Linux");
    }
    if (interface.name() == "-") {
      return absl::InvalidArgumentError(
          "-i - is standard input of this machine; nodes capture from "
          "interfaces of theirs");
    }
  }
  return absl::OkStatus();
}

}  // namespace

void AddNodes(CLI::App* command, std::vector<std::string>* nodes) {
  AddList(command, "--node", nodes, "A node; may be repeated; all by default")
      ->type_name("NODE");
}

void AddNodeCaptures(CLI::App* command, std::vector<std::string>* captures) {
  command
      ->add_option("CAPTURE", *captures,
                   "Names of captures, NODE/captures/ID, as \"fleet captures\" "
                   "prints them")
      ->required()
      ->type_name("");
}

void AddFleetCaptureOptions(CLI::App* command, RawFleetOptions* raw) {
  command->footer(
      "Options in the group \"Interface\" belong to the -i before them, or to "
      "all\ninterfaces if they come before the first. Conditions to stop are "
      "those of each\nnode.\n\n"
      "Without --detach, nothing is left on the nodes in the end.");
  AddNodes(command, &raw->nodes);
  command->add_flag("--detach", raw->detach,
                    "Only start the captures, and print their names");
  AddMergingOptions(command, raw);
  AddInterfaceOptions(command,
                      "Name of an interface, which each of the nodes has",
                      &raw->capture);
  AddStopOptions(command, &raw->capture);
  AddPrintOptions(command, &raw->capture.print);
}

void AddFleetDissectOptions(CLI::App* command, RawFleetOptions* raw) {
  AddNodeCaptures(command, &raw->captures);
  command->add_flag("--from-now", raw->from_now,
                    "Only frames that are captured from now on");
  AddMergingOptions(command, raw);
  AddPrintOptions(command, &raw->capture.print);
}

absl::Status CheckFleetCaptureOptions(const CLI::App& command,
                                      const RawFleetOptions& raw,
                                      FleetOptions* options) {
  options->nodes = raw.nodes;
  options->detach = raw.detach;
  RETURN_IF_ERROR(
      CheckInterfaceOptions(command, raw.capture, &options->capture));
  RETURN_IF_ERROR(CheckInterfaces(options->capture));
  RETURN_IF_ERROR(CheckStopOptions(command, raw.capture, &options->capture));
  RETURN_IF_ERROR(CheckMerging(raw, options));
  return CheckPrint(command, raw.capture.print, options);
}

absl::Status CheckFleetDissectOptions(const CLI::App& command,
                                      const RawFleetOptions& raw,
                                      FleetOptions* options) {
  options->captures = raw.captures;
  RETURN_IF_ERROR(CheckMerging(raw, options));
  return CheckPrint(command, raw.capture.print, options);
}

}  // namespace dissectd::cli
