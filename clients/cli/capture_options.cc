// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_options.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/extcap_preferences.h"
#include "clients/cli/local_file.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

constexpr char kFilterTwice[] =
    "A capture filter was specified both with \"-f\" and with additional "
    "command-line arguments.";

absl::Status ApplyInterfaceOption(const CLI::Option& option,
                                  const std::string& value,
                                  v1::InterfaceOptions* interface) {
  if (option.check_name("-f")) {
    interface->set_capture_filter(value);
  } else if (option.check_name("-s")) {
    ASSIGN_OR_RETURN(const uint32_t length,
                     ParseNatural("snapshot length", value));
    interface->set_snapshot_length(length);
  } else if (option.check_name("-B")) {
    ASSIGN_OR_RETURN(const uint32_t size, ParsePositive("buffer size", value));
    interface->set_buffer_mib(size);
  } else if (option.check_name("-y")) {
    if (value.empty()) {
      return absl::InvalidArgumentError(
          "The specified data link type \"\" isn't valid");
    }
    interface->set_link_type(value);
  } else if (option.check_name("--time-stamp-type")) {
    if (value.empty()) {
      return absl::InvalidArgumentError(
          "Invalid argument to option: --time-stamp-type=");
    }
    interface->set_timestamp_type(value);
  } else if (option.check_name("--extcap-argument")) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(value, absl::MaxSplits('=', 1));
    if (parts.first.size() == value.size() || parts.first.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--extcap-argument takes NAME=VALUE, not \"", value, "\""));
    }
    (*interface->mutable_extcap_arguments())[parts.first] = parts.second;
  } else if (option.check_name("-p")) {
    interface->set_promiscuous(false);
  } else if (option.check_name("-I")) {
    interface->set_monitor_mode(true);
  }
  return absl::OkStatus();
}

// Assigns to each interface the options after its `-i`, and to all of them
// those before the first `-i`.
absl::Status CheckInterfaces(const CLI::App& command,
                             v1::CaptureOptions* capture) {
  v1::InterfaceOptions defaults;
  v1::InterfaceOptions* current = &defaults;
  // The number of values of each option seen so far.
  std::map<const CLI::Option*, size_t> seen;
  for (const CLI::Option* option : command.parse_order()) {
    const std::string& value = option->results()[seen[option]++];
    if (option->check_name("-i")) {
      // An empty variable of a script isn't the first interface.
      if (value.empty()) {
        return absl::InvalidArgumentError(
            "There is no interface with that adapter index");
      }
      current = capture->add_interfaces();
      *current = defaults;
      current->set_name(value);
    } else {
      RETURN_IF_ERROR(ApplyInterfaceOption(*option, value, current));
    }
  }
  if (capture->interfaces().empty()) {
    *capture->add_interfaces() = std::move(defaults);
  }
  return absl::OkStatus();
}

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

absl::Status CheckFilterWords(const RawCaptureOptions& raw,
                              v1::CaptureOptions* capture) {
  if (raw.filter_words.empty()) return absl::OkStatus();
  for (v1::InterfaceOptions& interface : *capture->mutable_interfaces()) {
    if (!interface.capture_filter().empty()) {
      return absl::InvalidArgumentError(kFilterTwice);
    }
    interface.set_capture_filter(absl::StrJoin(raw.filter_words, " "));
  }
  return absl::OkStatus();
}

// `option` is tshark's name of the option.
absl::Status UnknownPart(absl::string_view option, absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid or unknown ", option, " \"", text, "\""));
}

absl::Status ApplyStopCondition(const std::string& text,
                                v1::StopConditions* stop) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const auto& [key, value] = parts;
  if (value.empty()) return UnknownPart("-a flag", text);
  if (key == "duration") {
    ASSIGN_OR_RETURN(*stop->mutable_duration(),
                     ParseSeconds("autostop duration", value));
  } else if (key == "filesize") {
    ASSIGN_OR_RETURN(const uint32_t size,
                     ParsePositive("autostop filesize", value));
    stop->set_file_size_kb(size);
  } else if (key == "files") {
    ASSIGN_OR_RETURN(const uint32_t files,
                     ParsePositive("autostop files", value));
    stop->set_files(files);
  } else if (key == "packets") {
    ASSIGN_OR_RETURN(const uint32_t packets,
                     ParsePositive("packet write count", value));
    stop->set_packets(packets);
  } else {
    return UnknownPart("-a flag", key);
  }
  return absl::OkStatus();
}

absl::Status CheckStop(const RawCaptureOptions& raw, bool count_given,
                       v1::CaptureOptions* capture) {
  for (const std::string& text : raw.stop_conditions) {
    RETURN_IF_ERROR(ApplyStopCondition(text, capture->mutable_stop()));
  }
  if (!count_given) return absl::OkStatus();
  ASSIGN_OR_RETURN(uint64_t count,
                   ParsePositive("packet count", raw.packet_count));
  const uint64_t other = capture->stop().packets();
  if (other != 0) count = std::min(count, other);
  capture->mutable_stop()->set_packets(count);
  return absl::OkStatus();
}

absl::Status ApplyRing(const std::string& text, v1::RingBuffer* ring) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const auto& [key, value] = parts;
  if (value.empty()) return UnknownPart("-b arg", text);
  if (key == "duration") {
    ASSIGN_OR_RETURN(*ring->mutable_duration(),
                     ParseSeconds("ring buffer duration", value));
  } else if (key == "interval") {
    ASSIGN_OR_RETURN(*ring->mutable_interval(),
                     ParseSeconds("ring buffer interval", value));
  } else if (key == "filesize") {
    ASSIGN_OR_RETURN(const uint32_t size,
                     ParsePositive("ring buffer filesize", value));
    ring->set_file_size_kb(size);
  } else if (key == "packets") {
    ASSIGN_OR_RETURN(const uint32_t packets,
                     ParsePositive("ring buffer packet count", value));
    ring->set_packets(packets);
  } else if (key == "files") {
    ASSIGN_OR_RETURN(const uint32_t files,
                     ParseNatural("number of ring buffer files", value));
    ring->set_files(files);
  } else {
    return UnknownPart("-b arg", key);
  }
  return absl::OkStatus();
}

absl::Status CheckRing(const RawCaptureOptions& raw,
                       v1::CaptureOptions* capture) {
  if (raw.ring.empty()) return absl::OkStatus();
  v1::RingBuffer* ring = capture->mutable_ring();
  for (const std::string& text : raw.ring) {
    RETURN_IF_ERROR(ApplyRing(text, ring));
  }
  if (ring->file_size_kb() == 0 && ring->packets() == 0 &&
      !ring->has_duration() && !ring->has_interval()) {
    return absl::InvalidArgumentError(
        "Multiple capture files requested, but no maximum capture file size, "
        "duration, interval or packets were specified.");
  }
  return absl::OkStatus();
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
  command
      ->add_option("FILTER", raw->filter_words,
                   "A capture filter, as an alternative to -f")
      ->type_name("");
  command->add_flag("--detach", raw->detach,
                    "Only start the capture, and print its name");

  AddList(command, "-i,--interface", &raw->interfaces,
          "Name of an interface, or its number in the list of \"interfaces\"; "
          "the first one by default. Packets come from this machine with - "
          "(standard input) or the path of a named pipe")
      ->type_name("INTERFACE")
      ->group("Interface");
  AddList(command, "-f", &raw->capture_filters,
          "Only packets that pass this capture filter")
      ->type_name("FILTER")
      ->group("Interface");
  AddList(command, "-s,--snapshot-length", &raw->snap_lengths,
          "Bytes of each packet to keep")
      ->type_name("BYTES")
      ->group("Interface");
  command
      ->add_flag("-p,--no-promiscuous-mode",
                 "Don't capture in promiscuous mode")
      ->group("Interface");
  command->add_flag("-I,--monitor-mode", "Capture in monitor mode")
      ->group("Interface");
  AddList(command, "-B,--buffer-size", &raw->buffer_sizes,
          "The kernel's buffer in MiB")
      ->type_name("MIB")
      ->group("Interface");
  AddList(command, "-y,--linktype", &raw->link_types, "The link-layer type")
      ->type_name("TYPE")
      ->group("Interface");
  AddList(command, "--time-stamp-type", &raw->timestamp_types,
          "The type of time stamps")
      ->type_name("TYPE")
      ->group("Interface");

  AddList(command, "--extcap-argument", &raw->extcap_arguments,
          "An argument of the extcap program that the interface is from; "
          "\"interfaces -i INTERFACE --extcap-arguments\" lists them")
      ->type_name("NAME=VALUE")
      ->group("Interface");

  AddValue(command, "-c", &raw->packet_count, "Stop after N packets")
      ->type_name("N")
      ->group("Capture");
  AddList(command, "-a,--autostop", &raw->stop_conditions,
          "Stop after duration:SECONDS, filesize:KB, files:N or packets:N")
      ->type_name("CONDITION")
      ->group("Capture");
  AddList(command, "-b,--ring-buffer", &raw->ring,
          "Begin a new file after duration:SECONDS, filesize:KB, packets:N, or "
          "when the time is a multiple of interval:SECONDS; keep files:N")
      ->type_name("CONDITION")
      ->group("Capture");
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
  RETURN_IF_ERROR(CheckInterfaces(command, capture));
  RETURN_IF_ERROR(CheckFilterWords(raw, capture));
  RETURN_IF_ERROR(CheckStop(raw, IsGiven(command, "-c"), capture));
  RETURN_IF_ERROR(CheckRing(raw, capture));
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
