// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/read_command.h"

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/dissect_pipe.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/local_file.h"
#include "clients/cli/local_source.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/read_options.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {
namespace {

// Returns tshark's error, which doesn't store what comes from a pipe.
absl::Status TwoPassesOverPipe(const std::string& path) {
  return absl::FailedPreconditionError(WithGivenName(
      absl::StrCat("The file \"", path,
                   "\" is a pipe or FIFO; TShark can't read pipe or FIFO "
                   "files in two-pass mode."),
      path));
}

ExitCode RunRead(const std::shared_ptr<grpc::Channel>& channel,
                 const ReadOptions& options) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  const InterruptHandler handler(Interrupt);
  PrintOptions print = options.print;
  ResolveOlderNames(channel, &print.only_protocols);
  const absl::Status attached =
      print.attached.AttachTo(channel, print.missing_keys(), &print.dissection);
  if (!attached.ok()) {
    PrintError(attached.message());
    return kExitBadOption;
  }
  FramePrinter printer(channel, print);
  v1::DissectRequest request = MakeDissectRequest(print);
  v1::FrameRange* range = request.mutable_view()->mutable_range();
  range->set_last_frame(options.count);
  range->set_limit(options.limit);
  request.set_read_format(options.read_format);
  if (!options.local) {
    return printer.Finish(
        CallOnStoredFile(channel, options.file, LocalFiles::kWithOption,
                         ShortNames::kFind, [&](const std::string& file) {
                           request.set_file(file);
                           return printer.Dissect(request);
                         }));
  }
  absl::StatusOr<LocalFile> file = OpenLocalFile(options.file);
  if (file.ok() && file->is_pipe && request.options().two_pass()) {
    // A second pass needs the whole capture.
    file = print.as_tshark ? TwoPassesOverPipe(options.file)
                           : ReadToEnd(*std::move(file), options.file);
  }
  if (!file.ok()) {
    PrintError(file.status().message());
    return kExitBadInput;
  }
  if (file->is_pipe) {
    // Frames are printed while the capture comes.
    print.live = true;
    DissectPipe pipe(channel, request, std::move(file->fd),
                     BaseName(options.file));
    return printer.Finish(printer.Print(&pipe));
  }
  UploadedFile upload(channel);
  const ExitCode code = SetLocalSource(*file, options.file, &upload, &request);
  if (code != kExitOk) return code;
  return printer.Run(request);
}

}  // namespace

void AddReadCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "read", "Dissect a capture file and print it as tshark does");
  const auto raw = std::make_shared<RawReadOptions>();
  AddReadOptions(command, raw.get());
  command->footer(
      "Exit status: 0 if all frames were read, 2 if the file can't be read to "
      "its end,\n3 if frames are missing that crash a dissector, or if the "
      "daemon failed.");
  AddExamples(
      command,
      {"dissectctl read dns.pcap", "dissectctl read dns.pcap -V -c 2",
       "dissectctl read dns.pcap -Y 'dns.flags.response == 1' -t ad",
       "dissectctl read dns.pcap -T fields -e frame.number -e dns.qry.name",
       "dissectctl read --local trace.pcap -T json -Y dns | less",
       "ssh router tcpdump -w - | dissectctl read --local -"});
  SetCheckedAction(command, raw, CheckReadOptions, RunRead, action);
}

}  // namespace dissectd::cli
