// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/analysis_source.h"

#include <csignal>

#include "clients/cli/analysis_names.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/capture_source.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"

namespace dissectd::cli {
namespace {

// Makes a call on the file that the options name.
ExitCode CallOnFile(const std::shared_ptr<grpc::Channel>& channel,
                    const ReadOptions& options, v1::AnalysisSource* source,
                    const std::function<grpc::Status()>& call,
                    grpc::Status* status) {
  AttachedFiles attached;
  const ExitCode code = AttachFiles(channel, options.print.missing_keys(),
                                    source->mutable_options(), &attached);
  if (code != kExitOk) return code;
  return CallOnCapture(channel, options.file, options.local, source, call,
                       status);
}

}  // namespace

void SetSourceOptions(const ReadOptions& options, v1::AnalysisSource* source) {
  source->mutable_range()->set_last_frame(options.count);
  source->mutable_range()->MergeFrom(options.times);
  if (!options.session.empty()) {
    source->set_session(options.session);
    return;
  }
  source->set_read_format(options.read_format);
  *source->mutable_options() = options.print.dissection;
}

ExitCode CallOnSource(const std::shared_ptr<grpc::Channel>& channel,
                      const ReadOptions& options, v1::AnalysisSource* source,
                      const std::function<grpc::Status(ExitCode* code)>& call) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  const InterruptHandler handler(Interrupt);
  ExitCode code = kExitOk;
  grpc::Status status;
  if (source->has_session()) {
    status = call(&code);
  } else {
    const ExitCode opened = CallOnFile(
        channel, options, source, [&] { return call(&code); }, &status);
    if (opened != kExitOk) return opened;
  }
  if (status.ok()) return code;
  if (WasInterrupted()) return kExitBadInput;
  PrintError(FileErrorText(status, options.file));
  PrintRightAnalysisNames(channel, FailureOf(status).reason());
  return CaptureExitCodeOf(channel, status);
}

void PrintReadError(const v1::AnalysisEnd& end, const ReadOptions& options,
                    ExitCode* code) {
  if (end.read_error().reason().empty()) return;
  PrintError(WithGivenName(end.read_error().message(), options.file));
  *code = kExitBadInput;
}

}  // namespace dissectd::cli
