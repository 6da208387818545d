// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interface_options.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"

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

}  // namespace

void AddInterfaceOptions(CLI::App* command, const std::string& which,
                         RawCaptureOptions* raw) {
  command
      ->add_option("FILTER", raw->filter_words,
                   "A capture filter, as an alternative to -f")
      ->type_name("");

  AddList(command, "-i,--interface", &raw->interfaces, which)
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
}

absl::Status CheckInterfaceOptions(const CLI::App& command,
                                   const RawCaptureOptions& raw,
                                   v1::CaptureOptions* capture) {
  RETURN_IF_ERROR(CheckInterfaces(command, capture));
  return CheckFilterWords(raw, capture);
}

}  // namespace dissectd::cli
