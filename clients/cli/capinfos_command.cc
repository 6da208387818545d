// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capinfos_command.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/capinfos_options.h"
#include "clients/cli/capinfos_report.h"
#include "clients/cli/capinfos_table.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/output_file.h"
#include "clients/cli/raw_texts.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"
#include "dissectd/v1/file.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

constexpr char kCutShortReason[] = "FILE_CUT_SHORT";

grpc::Status GetFile(const ChannelPtr& channel, const std::string& name,
                     v1::File* file) {
  grpc::ClientContext context;
  v1::GetFileRequest request;
  request.set_name(name);
  request.set_view(v1::FILE_VIEW_FULL);
  v1::GetFileResponse response;
  const grpc::Status status =
      v1::FileService::NewStub(channel)->GetFile(&context, request, &response);
  *file = std::move(*response.mutable_file());
  return status;
}

// Prints the error that ended reading, and returns the exit code.
ExitCode TellReadErrors(const std::string& name,
                        const v1::FileSummary& summary) {
  for (const v1::UnknownEncapsulation& packet :
       summary.unknown_encapsulations()) {
    PrintError(absl::StrCat("Unknown packet encapsulation ",
                            packet.encapsulation_number(), " in frame ",
                            packet.packet_number(), " of file \"", name, "\""));
  }
  if (!summary.has_read_error()) return kExitOk;
  PrintError(absl::StrCat("An error occurred after reading ",
                          summary.packet_count(), " packets from \"", name,
                          "\"."));
  PrintError(WithGivenName(summary.read_error().message(), name));
  if (summary.read_error().reason() != kCutShortReason) return kExitBadInput;
  std::fputs("  (will continue anyway, checksums might be incorrect)\n",
             stderr);
  return kExitCutShort;
}

class Capinfos {
 public:
  Capinfos(const ChannelPtr& channel, const CapinfosOptions& options)
      : channel_(channel), options_(options) {}

  ExitCode Run();

 private:
  // Each prints one file and returns its exit code.
  ExitCode Describe(const std::string& file);
  ExitCode Print(const std::string& file, const grpc::Status& status,
                 v1::File* answer);

  const ChannelPtr channel_;
  const CapinfosOptions& options_;
  OutputFile output_;
  bool has_described_ = false;
};

ExitCode Capinfos::Describe(const std::string& file) {
  v1::File answer;
  const auto get = [&](const std::string& resource) {
    return GetFile(channel_, resource, &answer);
  };
  if (!options_.local) {
    if (const absl::Status name = CheckServerName(file); !name.ok()) {
      PrintError(name.message());
      return kExitBadInput;
    }
    const grpc::Status status = CallOnStoredFile(
        channel_, file, LocalFiles::kWithOption, ShortNames::kFind, get);
    return Print(file, status, &answer);
  }
  UploadedFile upload(channel_);
  const ExitCode code = upload.Upload(file);
  return code == kExitOk ? Print(file, get(upload.name()), &answer) : code;
}

ExitCode Capinfos::Print(const std::string& file, const grpc::Status& status,
                         v1::File* answer) {
  if (!status.ok()) {
    PrintError(FileErrorText(status, file));
    return ExitCodeOf(status);
  }
  RestoreRawTexts(answer->mutable_summary());
  const ExitCode code = TellReadErrors(file, answer->summary());
  if (code == kExitBadInput) return code;
  if (options_.table) {
    output_.buffer()->Append(TableRow(options_, file, *answer));
  } else {
    if (has_described_) output_.buffer()->Append('\n');
    output_.buffer()->Append(LongReport(options_, file, *answer));
  }
  has_described_ = true;
  return code;
}

ExitCode Capinfos::Run() {
  if (options_.table && options_.header) {
    output_.buffer()->Append(TableHead(options_));
  }
  ExitCode result = kExitOk;
  for (const std::string& file : options_.files) {
    const ExitCode code = Describe(file);
    if (code != kExitOk) result = code;
    if (const absl::Status status = output_.Flush(); !status.ok()) {
      if (!absl::IsAborted(status)) PrintError(status.message());
      return kExitOutput;
    }
    if (code != kExitOk && options_.stop_after_failure) break;
  }
  return result;
}

}  // namespace

void AddCapinfosCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "capinfos", "Print information about captures, as capinfos does");
  const auto options = std::make_shared<CapinfosOptions>();
  AddCapinfosOptions(command, options.get());
  AddExamples(command, {"dissectctl capinfos dns.pcap",
                        "dissectctl capinfos -T -c -u dns.pcap redis.pcap",
                        "dissectctl capinfos --local trace.pcap"});
  command->callback([options, action] {
    *action = [options](const ChannelPtr& channel) {
      // Without SIGPIPE, a reader that goes away makes write fail, so that an
      // uploaded file is still deleted.
      std::signal(SIGPIPE, SIG_IGN);
      return Capinfos(channel, *options).Run();
    };
  });
}

}  // namespace dissectd::cli
