// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/merge_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_types.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// The options as given, named by mergecap's letters.
struct RawMergeOptions {
  std::vector<std::string> files;
  std::string name;        // -w
  std::string file_type;   // -F
  std::string interfaces;  // -I
  bool append = false;     // -a
  bool gzip = false;
  bool overwrite = false;
};

absl::Status CheckInterfaces(const std::string& mode,
                             v1::MergeFilesRequest* request) {
  if (mode == "none") {
    request->set_interfaces(v1::INTERFACE_MERGE_NONE);
  } else if (mode == "any") {
    request->set_interfaces(v1::INTERFACE_MERGE_ANY);
  } else if (mode == "all" || mode.empty()) {
    request->set_interfaces(v1::INTERFACE_MERGE_ALL);
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", mode,
        "\" isn't a valid IDB merge mode; it must be none, all or any."));
  }
  return absl::OkStatus();
}

absl::Status CheckMergeOptions(const CLI::App& command,
                               const RawMergeOptions& raw,
                               v1::MergeFilesRequest* request) {
  for (const std::string& file : raw.files) {
    RETURN_IF_ERROR(CheckServerName(file));
    request->add_files(FileResourceName(file));
  }
  RETURN_IF_ERROR(CheckServerName(raw.name));
  request->set_name(ExportResourceName(raw.name));
  if (IsGiven(command, "-F") && raw.file_type.empty()) {
    return absl::InvalidArgumentError("\"\" isn't a valid capture file type");
  }
  request->set_file_type(raw.file_type);
  request->set_append(raw.append);
  request->set_overwrite(raw.overwrite);
  if (raw.gzip) request->set_compression(v1::COMPRESSION_GZIP);
  return CheckInterfaces(raw.interfaces, request);
}

ExitCode RunMerge(const std::shared_ptr<grpc::Channel>& channel,
                  const v1::MergeFilesRequest& request) {
  grpc::ClientContext context;
  v1::MergeFilesResponse response;
  const grpc::Status status = v1::ExportService::NewStub(channel)->MergeFiles(
      &context, request, &response);
  if (!status.ok()) {
    const ExitCode code = ReportStatus(status);
    PrintRightFileTypes(channel, FailureOf(status).reason());
    return code;
  }
  std::printf("%s\n",
              Printable(response.file().name(), LineBreaks::kEscape).c_str());
  if (!response.end().has_read_error()) return kExitOk;
  PrintError(response.end().read_error().message());
  return kExitBadInput;
}

}  // namespace

void AddMergeCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "merge", "Merge captures of the store, as mergecap does");
  const auto raw = std::make_shared<RawMergeOptions>();
  command
      ->add_option("FILE", raw->files,
                   "Names of captures in the daemon's store, at least two")
      ->type_name("")
      ->required();
  AddValue(command, "-w", &raw->name,
           "Name of the file to write in the folder of exports")
      ->type_name("NAME")
      ->required();
  AddValue(command, "-F", &raw->file_type,
           "The file type; pcapng by default, an unknown one lists all")
      ->type_name("TYPE");
  AddValue(command, "-I", &raw->interfaces,
           "How to deal with the interfaces of the captures: none keeps them, "
           "all makes them one if all captures have the same, any makes equal "
           "ones one; all by default")
      ->type_name("MODE");
  command->add_flag("-a", raw->append,
                    "One capture after the other, instead of by time");
  command->add_flag("--gzip", raw->gzip, "Compress the file");
  command->add_flag("--overwrite", raw->overwrite, "Replace an existing file");
  AddExamples(command,
              {"dissectctl merge dns.pcap dns.pcap -w twice.pcapng",
               "dissectctl merge -a -F pcap dns.pcap dns.pcap -w again.pcap"});
  SetCheckedAction(command, raw, CheckMergeOptions, RunMerge, action);
}

}  // namespace dissectd::cli
