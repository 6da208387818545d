// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/write_command.h"

#include <csignal>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/capture_output.h"
#include "clients/cli/capture_source.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/file_types.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/write_options.h"
#include "dissectd/v1/export.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// The parts of an export's result that are reported to the user.
ExitCode Report(const v1::ExportEnd& end, const v1::ExportHeader& header,
                const WriteCommandOptions& options) {
  const bool good = options.also_read || end.read_error().reason().empty();
  if (!good) {
    PrintError(WithGivenName(end.read_error().message(), options.file));
  }
  if (end.names_unsupported()) {
    PrintError(absl::StrCat("The file format \"", header.file_type(),
                            "\" doesn't support name resolution information."));
  }
  return good ? kExitOk : kExitBadInput;
}

// Writes the answer to the request. Returns the status of the call; `code` gets
// the outcome of everything else.
grpc::Status Write(const ChannelPtr& channel,
                   const v1::ExportPacketsRequest& request,
                   const AttachedFiles& attached,
                   const WriteCommandOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader =
      v1::ExportService::NewStub(channel)->ExportPackets(&context, request);
  CaptureOutput output(options.output);
  v1::ExportHeader header;
  v1::ExportEnd end;
  v1::ExportPacketsResponse response;
  absl::Status written;
  while (written.ok() && reader->Read(&response)) {
    if (response.has_header()) {
      header = response.header();
      if (!options.also_read) {
        for (const std::string& notice : header.notices()) {
          PrintError(attached.WithPaths(notice));
        }
      }
      written = output.Open();
    } else if (response.has_end()) {
      end = response.end();
    } else {
      written = output.Write(response.chunk());
    }
  }
  if (!written.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (written.ok() && status.ok()) {
    *code = Report(end, header, options);
    written = output.Close();
  }
  if (written.ok()) return status;
  PrintError(written.message());
  *code = options.as_tshark ? kExitBadInput : kExitOutput;
  return grpc::Status::OK;
}

ExitCode RunWrite(const ChannelPtr& channel,
                  const WriteCommandOptions& options) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  const InterruptHandler handler(Interrupt);
  v1::ExportPacketsRequest request = options.request;
  AttachedFiles attached;
  ExitCode code = kExitOk;
  const auto write = [&] {
    return Write(channel, request, attached, options, &code);
  };
  grpc::Status status;
  if (request.has_session()) {
    status = write();
  } else {
    code = AttachFiles(channel, options.missing_keys, request.mutable_options(),
                       &attached);
    if (code != kExitOk) return code;
    const ExitCode opened = CallOnCapture(channel, options.file, options.local,
                                          &request, write, &status);
    if (opened != kExitOk) return opened;
  }
  if (status.ok()) return code;
  // What has come is in the file already.
  if (WasInterrupted()) return kExitBadInput;
  PrintError(FileErrorText(status, options.file));
  PrintRightFileTypes(channel, FailureOf(status).reason());
  return CaptureExitCodeOf(channel, status);
}

}  // namespace

void AddWriteCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "write", "Write frames to a capture file, as tshark -w does");
  const auto raw = std::make_shared<RawWriteOptions>();
  AddWriteOptions(command, raw.get());
  AddExamples(
      command,
      {"dissectctl write dns.pcap -Y dns.flags.response==1 -w answers.pcapng",
       "dissectctl write dns.pcap -F pcap -w - > copy.pcap",
       "dissectctl write --local trace.pcap --gzip -w copy.pcapng.gz",
       "session=$(dissectctl session open dns.pcap)",
       "dissectctl session edit \"$session\" --comment 1:first",
       "dissectctl write --session \"$session\" -w commented.pcapng",
       "dissectctl session close \"$session\""});
  SetCheckedAction(command, raw, CheckWriteOptions, RunWrite, action);
}

}  // namespace dissectd::cli
