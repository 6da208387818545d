// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/read_command.h"

#include <csignal>

#include "clients/cli/dissect_request.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {

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
    request.set_file(FileResourceName(options.file));
    return printer.Run(request);
  }
  UploadedFile upload(channel);
  const ExitCode code = upload.Upload(options.file);
  if (code != kExitOk) return code;
  request.set_file(upload.name());
  return printer.Run(request);
}

}  // namespace dissectd::cli
