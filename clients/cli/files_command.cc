// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/files_command.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/pages.h"
#include "clients/cli/sharing.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/table.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/upload.h"
#include "clients/cpp/output_buffer.h"
#include "clients/cpp/time_text.h"
#include "dissectd/v1/file.grpc.pb.h"

namespace dissectd::cli {
namespace {

std::vector<Table::Column> Columns() {
  return {{"BYTES", 12, Table::Align::kRight},
          {"MODIFIED", 30, Table::Align::kLeft},
          {"DELETABLE", 9, Table::Align::kLeft},
          {"NAME", 0, Table::Align::kLeft}};
}

std::vector<std::string> Cells(const v1::File& file) {
  OutputBuffer time;
  AppendIsoTime(file.modify_time().seconds(), file.modify_time().nanos(),
                &time);
  return {absl::StrCat(file.size_bytes()), std::string(time.view()),
          file.deletable() ? "yes" : "no", file.name()};
}

// The arguments of the commands.
struct Operands {
  std::string file;
  std::vector<std::string> readers;
  bool no_headers = false;
};

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// Prints a row for each file whose path starts with the operand.
ExitCode RunList(const ChannelPtr& channel, const Operands& operands) {
  const auto stub = v1::FileService::NewStub(channel);
  v1::ListFilesRequest request;
  request.set_prefix(operands.file);
  Table table(Columns(), !operands.no_headers);
  return ReportStatus(ForEachPage(stub.get(), &v1::FileService::Stub::ListFiles,
                                  request,
                                  [&](const v1::ListFilesResponse& page) {
                                    for (const v1::File& file : page.files()) {
                                      table.Print(Cells(file));
                                    }
                                  }));
}

// Makes a call on a file of the store and prints its error.
ExitCode RunOnFile(
    const ChannelPtr& channel, const std::string& name, ShortNames short_names,
    const std::function<grpc::Status(const std::string& resource)>& call) {
  return ReportStatus(CallOnStoredFile(channel, name, LocalFiles::kAfterUpload,
                                       short_names, call));
}

ExitCode RunGet(const ChannelPtr& channel, const Operands& operands) {
  return RunOnFile(
      channel, operands.file, ShortNames::kFind,
      [&](const std::string& resource) {
        grpc::ClientContext context;
        v1::GetFileRequest request;
        request.set_name(resource);
        v1::GetFileResponse response;
        const grpc::Status status = v1::FileService::NewStub(channel)->GetFile(
            &context, request, &response);
        if (status.ok()) {
          Table table(Columns(), !operands.no_headers);
          table.Print(Cells(response.file()));
          PrintSharingBelow(response.file().owner(), response.file().readers(),
                            !operands.no_headers);
        }
        return status;
      });
}

// Writes the bytes of a file to standard output; `failed` is set if that isn't
// possible.
grpc::Status Download(const ChannelPtr& channel, const std::string& resource,
                      bool* failed) {
  grpc::ClientContext context;
  v1::ReadFileRequest request;
  request.set_name(resource);
  const auto reader =
      v1::FileService::NewStub(channel)->ReadFile(&context, request);
  v1::ReadFileResponse chunk;
  while (reader->Read(&chunk)) {
    const std::string& data = chunk.data();
    if (std::fwrite(data.data(), 1, data.size(), stdout) == data.size()) {
      continue;
    }
    PrintError(
        absl::StrCat("Can't write to standard output: ", std::strerror(errno)));
    context.TryCancel();
    reader->Finish();
    *failed = true;
    return grpc::Status::OK;
  }
  return reader->Finish();
}

ExitCode RunDownload(const ChannelPtr& channel, const Operands& operands) {
  // A closed pipe is an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  bool failed = false;
  const ExitCode code = RunOnFile(channel, operands.file, ShortNames::kFind,
                                  [&](const std::string& resource) {
                                    return Download(channel, resource, &failed);
                                  });
  return failed ? kExitOutput : code;
}

ExitCode RunDelete(const ChannelPtr& channel, const Operands& operands) {
  return RunOnFile(channel, operands.file, ShortNames::kList,
                   [&](const std::string& resource) {
                     grpc::ClientContext context;
                     v1::DeleteFileRequest request;
                     request.set_name(resource);
                     v1::DeleteFileResponse response;
                     return v1::FileService::NewStub(channel)->DeleteFile(
                         &context, request, &response);
                   });
}

// Sets the readers of a file. They could be given a wrong file if its name were
// completed.
ExitCode RunShare(const ChannelPtr& channel, const Operands& operands) {
  return RunOnFile(channel, operands.file, ShortNames::kList,
                   [&](const std::string& resource) {
                     grpc::ClientContext context;
                     v1::ShareFileRequest request;
                     request.set_name(resource);
                     request.mutable_readers()->Assign(operands.readers.begin(),
                                                       operands.readers.end());
                     v1::ShareFileResponse response;
                     const grpc::Status status =
                         v1::FileService::NewStub(channel)->ShareFile(
                             &context, request, &response);
                     if (status.ok()) {
                       PrintSharing(response.file().owner(),
                                    response.file().readers(),
                                    !operands.no_headers);
                     }
                     return status;
                   });
}

// Uploads a file of this machine and prints its name in the store.
ExitCode RunUpload(const ChannelPtr& channel, const Operands& operands) {
  UploadedFile upload(channel);
  const ExitCode code = upload.UploadToKeep(operands.file);
  if (code != kExitOk) return code;
  std::printf("%s\n", Printable(upload.name(), LineBreaks::kEscape).c_str());
  return kExitOk;
}

}  // namespace

void AddFilesCommand(CLI::App* program, Action* action) {
  CLI::App* files = program->add_subcommand(
      "files", "Manage the capture files in the daemon's store");
  files->require_subcommand(0, 1);
  const auto operands = std::make_shared<Operands>();
  files->callback([files, operands, action] {
    if (!files->get_subcommands().empty()) return;
    *action = [operands](const ChannelPtr& channel) {
      return RunList(channel, *operands);
    };
  });
  AddNoHeaders(files, &operands->no_headers);
  const auto add = [&](const char* name, const char* help, const char* operand,
                       const char* operand_help, auto run) {
    CLI::App* command = files->add_subcommand(name, help);
    AddOperand(command, operand, &operands->file, operand_help);
    command->callback([operands, action, run] {
      *action = [operands, run](const ChannelPtr& channel) {
        return run(channel, *operands);
      };
    });
    return command;
  };
  constexpr char kName[] = "Name in the store, or its end after a \"/\"";
  CLI::App* list = add("list", "List files; the default", "PREFIX",
                       "Only names in the store that start with this", RunList);
  list->get_option("PREFIX")->required(false);
  AddNoHeaders(list, &operands->no_headers);
  AddExamples(list, {"dissectctl files list", "dissectctl files list uploads/",
                     "dissectctl files list --no-headers | wc -l"});
  CLI::App* get = add("get", "Show one file", "FILE", kName, RunGet);
  AddNoHeaders(get, &operands->no_headers);
  AddExamples(get, {"dissectctl files get dns.pcap",
                    "dissectctl files get files/dns.pcap --no-headers"});
  CLI::App* download = add("download", "Write a file to standard output",
                           "FILE", kName, RunDownload);
  AddExamples(download, {"dissectctl files download dns.pcap > copy.pcap",
                         "dissectctl files download dns.pcap | wc -c"});
  CLI::App* remove = add("delete", "Delete an uploaded file", "FILE",
                         "Name in the store", RunDelete);
  AddExamples(remove, {"file=$(dissectctl files upload trace.pcap)",
                       "echo \"$file\"", "dissectctl files delete \"$file\""});
  CLI::App* share = add("share", "Say who may read an uploaded file", "FILE",
                        "Name in the store", RunShare);
  AddReaders(share, &operands->readers);
  AddNoHeaders(share, &operands->no_headers);
  AddExamples(share, {"file=$(dissectctl files upload trace.pcap)",
                      "dissectctl files share \"$file\" --reader token:alice",
                      "dissectctl files share \"$file\""});
  CLI::App* upload =
      add("upload", "Upload a local file, and print its new name", "PATH",
          "Path of a file of this machine", RunUpload);
  AllowAnyBytes(*upload, {"PATH"});
  AddExamples(upload, {"file=$(dissectctl files upload trace.pcap)",
                       "dissectctl read \"$file\" -c 1"});
  AddExamples(files, {"dissectctl files", "dissectctl files list captures/",
                      "file=$(dissectctl files upload trace.pcap)",
                      "dissectctl files get trace.pcap",
                      "dissectctl files download trace.pcap > copy.pcap",
                      "dissectctl files delete \"$file\""});
}

}  // namespace dissectd::cli
