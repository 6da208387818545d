// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_options.h"

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/extcap_preferences.h"
#include "clients/cli/interface_options.h"
#include "clients/cli/local_file.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/stop_options.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

// Finds the interfaces that are pipes of this machine.
void FindLocalPipes(CaptureCommandOptions* options) {
  for (v1::InterfaceOptions& interface :
       *options->capture.mutable_interfaces()) {
    if (!IsLocalPipe(interface.name())) continue;
    options->local_pipes.push_back(interface.name());
    interface.set_name(ReplaceInvalidUtf8(interface.name()));
    interface.set_from_client(true);
  }
}

// Returns whether packets are written to a file, and printed only on request.
bool IsWritten(const CLI::App& command) {
  return IsGiven(command, "-w") || IsGiven(command, "--output");
}

// Returns the requested file type, which applies to files that are kept. Others
// are pcapng, as another type would lose what is printed.
absl::StatusOr<v1::CaptureFormat> CheckFormat(const CLI::App& command,
                                              const RawCaptureOptions& raw) {
  if (!IsGiven(command, "-F")) return v1::CAPTURE_FORMAT_UNSPECIFIED;
  if (raw.file_format != "pcap" && raw.file_format != "pcapng") {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", raw.file_format,
                     "\" isn't a valid capture file type; it must be pcap or "
                     "pcapng"));
  }
  if (!raw.detach && !IsWritten(command)) {
    return v1::CAPTURE_FORMAT_UNSPECIFIED;
  }
  return raw.file_format == "pcap" ? v1::CAPTURE_FORMAT_PCAP
                                   : v1::CAPTURE_FORMAT_PCAPNG;
}

absl::Status CheckFile(const CLI::App& command, const RawCaptureOptions& raw,
                       v1::CaptureOptions* capture) {
  if (raw.file_name == "-" || absl::StrContains(raw.file_name, '/') ||
      (IsGiven(command, "-w") && raw.file_name.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("-w names a file in the daemon's store, without folders; "
                     "it can't be \"",
                     raw.file_name, "\". To write to this machine: --output ",
                     raw.file_name.empty() ? "FILE" : raw.file_name));
  }
  if (IsGiven(command, "--capture-comment") && !raw.detach &&
      !IsWritten(command)) {
    return absl::InvalidArgumentError(
        "Capture comments were specified, but the capture isn't being saved to "
        "a file.");
  }
  ASSIGN_OR_RETURN(const v1::CaptureFormat format, CheckFormat(command, raw));
  capture->set_format(format);
  capture->set_file_name(raw.file_name);
  // The names of many files begin with that of the output.
  if (raw.file_name.empty() && !raw.ring.empty()) {
    capture->set_file_name(raw.output.substr(raw.output.rfind('/') + 1));
  }
  capture->set_comment(raw.comment);
  capture->set_group_access(raw.group_access);
  return absl::OkStatus();
}

// Refuses options about packets that are printed if none is.
absl::Status CheckDetached(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string& group = option->get_group();
    if (option->count() == 0 || (group != "Output" && group != "Processing") ||
        option->check_name("-q") || option->check_name("-Q")) {
      continue;
    }
    // Some preferences are those of interfaces.
    if (option->check_name("-o")) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(option->get_name(),
                     " is about packets that are printed; it can't be combined "
                     "with --detach."));
  }
  return absl::OkStatus();
}

absl::Status CheckAnalysis(const RawCaptureOptions& raw,
                           CaptureCommandOptions* options) {
  options->analysis = raw.analysis;
  if (!raw.analysis.any()) return absl::OkStatus();
  if (raw.detach) {
    return absl::InvalidArgumentError(
        "Reports are made when the capture has ended; they can't be combined "
        "with --detach.");
  }
  if (options->capture.has_ring()) {
    return absl::InvalidArgumentError(
        "Reports are about one file; they can't be combined with -b.");
  }
  return absl::OkStatus();
}

absl::Status CheckPrint(const CLI::App& command, const RawCaptureOptions& raw,
                        CaptureCommandOptions* options) {
  if (raw.two_pass) {
    return absl::InvalidArgumentError(
        "Live captures do not support two-pass analysis.");
  }
  if (IsGiven(command, "-R")) {
    return absl::InvalidArgumentError(
        "-R without -2 is deprecated. For single-pass filtering use -Y.");
  }
  RETURN_IF_ERROR(CheckPrintOptions(command, raw.print,
                                    /*print_by_default=*/!IsWritten(command),
                                    &options->print));
  options->print.live = true;
  options->extcap_preferences =
      TakeExtcapPreferences(&options->print.dissection);
  if (IsGiven(command, "-M")) {
    ASSIGN_OR_RETURN(options->reset_after,
                     ParsePositive("epan reset count", raw.reset_after));
  }
  if (IsWritten(command) && IsGiven(command, "-Y") && !options->print.print) {
    return absl::InvalidArgumentError(
        "Display filters aren't supported when capturing and saving the "
        "captured packets, unless they are printed, too (-P).");
  }
  return absl::OkStatus();
}

}  // namespace

void AddCaptureOptions(CLI::App* command, RawCaptureOptions* raw) {
  command->footer(
      "Options in the group \"Interface\" belong to the -i before them, or to "
      "all\ninterfaces if they come before the first.\n\n"
      "A capture is the daemon's: if this program is killed, it goes on with "
      "-w or\n--detach; \"captures\" lists it, and \"stop\" ends it. Without "
      "them, it ends half a\nminute later. Otherwise nothing is left of it in "
      "the end.");
  command->add_flag("--detach", raw->detach,
                    "Only start the capture, and print its name");

  AddInterfaceOptions(
      command,
      "Name of an interface, or its number in the list of \"interfaces\"; the "
      "first one by default. Packets come from this machine with - (standard "
      "input) or the path of a named pipe",
      raw);
  AddStopOptions(command, raw);
  AddValue(command, "-w", &raw->file_name,
           "Keep the capture, and its file under this name in the daemon's "
           "store, as captures/ID/NAME. Packets are printed only on request, "
           "for example by -P")
      ->type_name("FILE")
      ->group("Capture");
  AddValue(command, "--output", &raw->output,
           "Write packets to this file of this machine as they are captured; - "
           "for standard output. With -b, copy the files to its folder at the "
           "end. Packets are printed only on request")
      ->type_name("FILE")
      ->group("Capture");
  AllowAnyBytes(*command, {"--output"});
  AddValue(command, "-F", &raw->file_format,
           "The type of the file: pcapng|pcap")
      ->type_name("TYPE")
      ->group("Capture");
  command
      ->add_flag("-g", raw->group_access,
                 "Let the group of the daemon's user read the files")
      ->group("Capture");
  AddValue(command, "--capture-comment", &raw->comment,
           "A comment for the file")
      ->type_name("COMMENT")
      ->group("Capture");

  AddValue(command, "-M", &raw->reset_after,
           "Discard dissection state every N packets, to save memory")
      ->type_name("N")
      ->group("Processing");
  // tshark's options that have error messages of their own.
  command->add_flag("-2", raw->two_pass)->group("");
  AddValue(command, "-R,--read-filter", &raw->read_filter, "")
      ->type_name("FILTER")
      ->group("");
  AddAnalysisOptions(command, &raw->analysis);
  AddPrintOptions(command, &raw->print);
}

absl::Status CheckCaptureOptions(const CLI::App& command,
                                 const RawCaptureOptions& raw,
                                 CaptureCommandOptions* options) {
  v1::CaptureOptions* capture = &options->capture;
  RETURN_IF_ERROR(CheckInterfaceOptions(command, raw, capture));
  RETURN_IF_ERROR(CheckStopOptions(command, raw, capture));
  RETURN_IF_ERROR(CheckFile(command, raw, capture));
  if (raw.detach && !raw.output.empty()) {
    return absl::InvalidArgumentError(
        "--output needs this program until the capture ends; it can't be "
        "combined with --detach.");
  }
  if (raw.detach) RETURN_IF_ERROR(CheckDetached(command));
  FindLocalPipes(options);
  if (options->local_pipes.size() > 1) {
    return absl::InvalidArgumentError(
        "Only one interface can be a pipe of this machine.");
  }
  if (raw.detach && !options->local_pipes.empty()) {
    return absl::InvalidArgumentError(
        "A pipe needs this program until the capture ends; it can't be "
        "combined with --detach.");
  }
  RETURN_IF_ERROR(CheckAnalysis(raw, options));
  options->output = raw.output;
  options->detach = raw.detach;
  options->keep = raw.detach || IsGiven(command, "-w");
  options->quiet = raw.print.quiet;
  options->very_quiet = raw.print.very_quiet;
  return CheckPrint(command, raw, options);
}

}  // namespace dissectd::cli
