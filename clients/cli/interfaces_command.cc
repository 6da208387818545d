// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interfaces_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/capture_tables.h"
#include "clients/cli/error_text.h"
#include "clients/cli/interface_list.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/table.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {
namespace {

// The options of `dissectctl interfaces`.
struct InterfacesOptions {
  std::vector<std::string> interfaces;  // -i
  bool link_types = false;              // -L
  bool timestamp_types = false;
  bool monitor_mode = false;  // -I
  bool extcap_arguments = false;
  bool statistics = false;
  bool no_headers = false;  // Of tables.
};

void PrintWithDescription(const std::string& name,
                          const std::string& description,
                          const char* without_description) {
  std::printf("  %s (%s)\n", name.c_str(),
              description.empty() ? without_description : description.c_str());
}

void PrintCapabilities(const std::string& name,
                       const v1::GetInterfaceCapabilitiesResponse& capabilities,
                       const InterfacesOptions& options) {
  if (options.link_types) {
    const char* mode = "";
    if (capabilities.can_monitor()) {
      mode = options.monitor_mode ? " when in monitor mode"
                                  : " when not in monitor mode";
    }
    std::printf("Data link types of interface %s%s (use option -y to set):\n",
                name.c_str(), mode);
    for (const v1::LinkType& type : capabilities.link_types()) {
      PrintWithDescription(type.name(), type.description(), "not supported");
    }
  }
  if (options.timestamp_types) {
    std::puts(
        "Timestamp types of the interface (use option --time-stamp-type to "
        "set):");
    for (const auto& type : capabilities.timestamp_types()) {
      PrintWithDescription(type.name(), type.description(), "none");
    }
  }
}

void PrintArguments(const v1::GetInterfaceCapabilitiesResponse& capabilities,
                    Table* table) {
  for (const v1::ExtcapArgument& argument : capabilities.extcap_arguments()) {
    std::fputs(table->Row(ExtcapArgumentCells(argument)).c_str(), stdout);
  }
}

ExitCode RunList(const InterfaceList& list) {
  for (const v1::Interface& interface : list.interfaces().interfaces()) {
    std::printf("%u. %s", interface.number(), interface.name().c_str());
    const std::string& description = DescriptionOf(interface);
    if (!description.empty()) std::printf(" (%s)", description.c_str());
    std::putchar('\n');
  }
  return kExitOk;
}

ExitCode RunCapabilities(const std::shared_ptr<grpc::Channel>& channel,
                         const InterfaceList& list,
                         const InterfacesOptions& options) {
  Table arguments(ExtcapArgumentColumns(), !options.no_headers);
  const auto stub = v1::CaptureService::NewStub(channel);
  std::vector<std::string> given = options.interfaces;
  if (given.empty()) given.emplace_back();
  for (const std::string& text : given) {
    const absl::StatusOr<std::string> name = list.Resolve(text);
    if (!name.ok()) {
      PrintError(name.status().message());
      return kExitBadOption;
    }
    grpc::ClientContext context;
    v1::GetInterfaceCapabilitiesRequest request;
    request.set_interface(*name);
    request.set_monitor_mode(options.monitor_mode);
    v1::GetInterfaceCapabilitiesResponse capabilities;
    const grpc::Status status =
        stub->GetInterfaceCapabilities(&context, request, &capabilities);
    if (!status.ok()) return ReportStatus(status);
    if (options.timestamp_types && !options.link_types &&
        capabilities.timestamp_types().empty()) {
      PrintError("The capture device \"" + *name +
                 "\" has no timestamp types.");
      return kExitBadInput;
    }
    PrintCapabilities(*name, capabilities, options);
    if (options.extcap_arguments) PrintArguments(capabilities, &arguments);
  }
  return kExitOk;
}

ExitCode RunStatistics(const std::shared_ptr<grpc::Channel>& channel,
                       bool with_head) {
  Table table(InterfaceCounterColumns(), with_head);
  const auto stub = v1::CaptureService::NewStub(channel);
  grpc::ClientContext context;
  const auto reader = stub->WatchInterfaceStatistics(
      &context, v1::WatchInterfaceStatisticsRequest());
  v1::WatchInterfaceStatisticsResponse response;
  while (reader->Read(&response)) {
    for (const v1::InterfaceCounters& counters : response.interfaces()) {
      table.Print(InterfaceCounterCells(response, counters));
    }
    std::fflush(stdout);
  }
  const grpc::Status status = reader->Finish();
  return ReportStatus(status);
}

void AddOptions(CLI::App* command, InterfacesOptions* options) {
  AddList(command, "-i,--interface", &options->interfaces,
          "Name of an interface, or its number in the list; the first one by "
          "default")
      ->type_name("INTERFACE");
  command->add_flag("-L,--list-data-link-types", options->link_types,
                    "Print the link-layer types of the interface");
  command->add_flag("--list-time-stamp-types", options->timestamp_types,
                    "Print the types of time stamps of the interface");
  command->add_flag("--extcap-arguments", options->extcap_arguments,
                    "Print the arguments of the extcap program that the "
                    "interface is from");
  command->add_flag("-I,--monitor-mode", options->monitor_mode,
                    "Print the capabilities in monitor mode");
  command->add_flag("--statistics", options->statistics,
                    "Print the counters of all interfaces every second");
  AddNoHeaders(command, &options->no_headers);
}

ExitCode RunInterfaces(const std::shared_ptr<grpc::Channel>& channel,
                       const InterfacesOptions& options) {
  const bool capabilities =
      options.link_types || options.timestamp_types || options.extcap_arguments;
  if (!capabilities && (!options.interfaces.empty() || options.monitor_mode)) {
    PrintError(
        "-i and -I need -L, --list-time-stamp-types or --extcap-arguments.");
    return kExitBadOption;
  }
  if (capabilities && options.statistics) {
    PrintError(
        "--statistics can't be combined with -L, --list-time-stamp-types or "
        "--extcap-arguments.");
    return kExitBadOption;
  }
  if (options.statistics) {
    return RunStatistics(channel, !options.no_headers);
  }
  InterfaceList list;
  const grpc::Status status = list.Fetch(channel);
  if (!status.ok()) return ReportStatus(status);
  return capabilities ? RunCapabilities(channel, list, options) : RunList(list);
}

}  // namespace

void AddInterfacesCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "interfaces", "List interfaces as tshark -D does");
  const auto options = std::make_shared<InterfacesOptions>();
  AddOptions(command, options.get());
  AddExamples(command,
              {"dissectctl interfaces", "dissectctl interfaces -i lo -L",
               "timeout 2 dissectctl interfaces --statistics || true"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return RunInterfaces(channel, *options);
    };
  });
}

}  // namespace dissectd::cli
