// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/read_command.h"

#include <csignal>
#include <memory>
#include <string>

#include "clients/cli/checked_command.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/read_options.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {
namespace {

ExitCode RunRead(const std::shared_ptr<grpc::Channel>& channel,
                 const ReadOptions& options) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  PrintOptions print = options.print;
  ResolveOlderNames(channel, &print.only_protocols);
  FramePrinter printer(channel, print);
  v1::DissectRequest request = MakeDissectRequest(print);
  request.mutable_view()->mutable_range()->set_last_frame(options.count);
  if (!options.local) {
    return printer.Finish(
        CallOnStoredFile(channel, options.file, LocalFiles::kWithOption,
                         ShortNames::kFind, [&](const std::string& file) {
                           request.set_file(file);
                           return printer.Dissect(request);
                         }));
  }
  UploadedFile upload(channel);
  const ExitCode code = upload.Upload(options.file);
  if (code != kExitOk) return code;
  request.set_file(upload.name());
  return printer.Run(request);
}

}  // namespace

void AddReadCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "read", "Dissect a capture file and print it as tshark does");
  const auto raw = std::make_shared<RawReadOptions>();
  AddReadOptions(command, raw.get());
  AddExamples(
      command,
      {"dissectctl read dns.pcap", "dissectctl read dns.pcap -V -c 2",
       "dissectctl read dns.pcap -Y 'dns.flags.response == 1' -t ad",
       "dissectctl read dns.pcap -T fields -e frame.number -e dns.qry.name",
       "dissectctl read --local trace.pcap -T json -Y dns | less"});
  SetCheckedAction(command, raw, CheckReadOptions, RunRead, action);
}

}  // namespace dissectd::cli
