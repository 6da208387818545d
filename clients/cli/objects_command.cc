// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/objects_command.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/analysis_source.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/interruption.h"
#include "clients/cli/object_folder.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/read_options.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/table.h"
#include "dissectd/v1/analysis.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

struct RawObjectsOptions {
  RawReadOptions read;
  std::string type = "http";
  std::string folder = ".";
  bool no_headers = false;
};

struct ObjectsOptions {
  ReadOptions read;
  std::string type;
  std::string folder;
  bool no_headers = false;
};

absl::Status CheckObjectsOptions(const CLI::App& command,
                                 const RawObjectsOptions& raw,
                                 ObjectsOptions* options) {
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, &options->read));
  options->type = raw.type;
  options->folder = raw.folder;
  options->no_headers = raw.no_headers;
  return absl::OkStatus();
}

grpc::Status PrintObjects(const ChannelPtr& channel,
                          const v1::ListExportObjectsRequest& request,
                          const ObjectsOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader = v1::AnalysisService::NewStub(channel)->ListExportObjects(
      &context, request);
  std::vector<std::vector<std::string>> rows;
  v1::ListExportObjectsResponse response;
  while (reader->Read(&response)) {
    if (response.has_end()) {
      PrintReadError(response.end(), options.read, code);
    }
    if (!response.has_object()) continue;
    const v1::ExportObject& object = response.object();
    rows.push_back({absl::StrCat(object.frame_number()),
                    absl::StrCat(object.size_bytes()), object.content_type(),
                    object.host(), object.export_name()});
  }
  Table::PrintAll({{"FRAME", 8, Table::Align::kRight},
                   {"BYTES", 12, Table::Align::kRight},
                   {"TYPE", 24, Table::Align::kLeft},
                   {"HOST", 24, Table::Align::kLeft},
                   {"NAME", 0, Table::Align::kLeft}},
                  !options.no_headers, rows);
  return reader->Finish();
}

ExitCode RunList(const ChannelPtr& channel, const ObjectsOptions& options) {
  v1::ListExportObjectsRequest request;
  request.set_type(options.type);
  SetSourceOptions(options.read, request.mutable_source());
  return CallOnSource(channel, options.read, request.mutable_source(),
                      [&](ExitCode* code) {
                        return PrintObjects(channel, request, options, code);
                      });
}

grpc::Status SaveObjects(const ChannelPtr& channel,
                         const v1::ReadExportObjectsRequest& request,
                         const ObjectsOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader = v1::AnalysisService::NewStub(channel)->ReadExportObjects(
      &context, request);
  ObjectFolder folder(options.folder);
  v1::ReadExportObjectsResponse response;
  absl::Status saved;
  while (saved.ok() && reader->Read(&response)) {
    if (response.has_end()) {
      PrintReadError(response.end(), options.read, code);
    } else if (response.has_object()) {
      saved = folder.Begin(response.object());
    } else if (response.kind_case() == v1::ReadExportObjectsResponse::kChunk) {
      saved = folder.Add(response.chunk());
    }
  }
  if (saved.ok()) return reader->Finish();
  PrintError(saved.message());
  *code = kExitOutput;
  context.TryCancel();
  reader->Finish();
  return grpc::Status::OK;
}

ExitCode RunSave(const ChannelPtr& channel, const ObjectsOptions& options) {
  v1::ReadExportObjectsRequest request;
  request.set_type(options.type);
  SetSourceOptions(options.read, request.mutable_source());
  return CallOnSource(channel, options.read, request.mutable_source(),
                      [&](ExitCode* code) {
                        return SaveObjects(channel, request, options, code);
                      });
}

void AddTypeOption(CLI::App* command, RawObjectsOptions* raw) {
  AddValue(command, "--type", &raw->type,
           "The protocol: dicom, ftp-data, http, imf, smb or tftp")
      ->type_name("PROTOCOL")
      ->capture_default_str();
}

}  // namespace

void AddObjectsCommand(CLI::App* program, Action* action) {
  CLI::App* objects = program->add_subcommand(
      "objects", "List or save the files that a protocol transferred");
  objects->require_subcommand(1);
  const auto raw = std::make_shared<RawObjectsOptions>();
  CLI::App* list = objects->add_subcommand("list", "List the objects");
  AddWholeCaptureOptions(list, &raw->read);
  AddTypeOption(list, raw.get());
  AddNoHeaders(list, &raw->no_headers);
  AddExamples(list, {"dissectctl objects list http1.pcap.gz"});
  SetCheckedAction(list, raw, CheckObjectsOptions, RunList, action);
  CLI::App* save = objects->add_subcommand("save", "Save the objects as files");
  AddWholeCaptureOptions(save, &raw->read);
  AddTypeOption(save, raw.get());
  AddValue(save, "--to", &raw->folder, "The folder, which is made if need be")
      ->type_name("DIR")
      ->capture_default_str();
  AllowAnyBytes(*save, {"--to"});
  AddExamples(save, {"dissectctl objects save http1.pcap.gz --to objects",
                     "ls objects"});
  SetCheckedAction(save, raw, CheckObjectsOptions, RunSave, action);
  AddExamples(objects, {"dissectctl objects list http1.pcap.gz"});
}

}  // namespace dissectd::cli
