// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/analysis_source.h"

#include <csignal>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/local_file.h"
#include "clients/cli/local_source.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// Makes a call on a file of this machine, which is uploaded if it is large.
ExitCode CallOnLocalFile(const ChannelPtr& channel, const std::string& path,
                         v1::AnalysisSource* source,
                         const std::function<grpc::Status()>& call,
                         grpc::Status* status) {
  UploadedFile upload(channel);
  absl::StatusOr<LocalFile> file = OpenLocalFile(path);
  if (file.ok() && file->is_pipe) file = ReadToEnd(*std::move(file), path);
  if (!file.ok()) {
    PrintError(file.status().message());
    return kExitBadInput;
  }
  const ExitCode code = SetLocalSource(*file, path, &upload, source);
  if (code == kExitOk) *status = call();
  return code;
}

}  // namespace

void SetSourceOptions(const ReadOptions& options, v1::AnalysisSource* source) {
  source->mutable_range()->set_last_frame(options.count);
  source->set_read_format(options.read_format);
  *source->mutable_options() = options.print.dissection;
}

ExitCode CallOnSource(const ChannelPtr& channel, const ReadOptions& options,
                      v1::AnalysisSource* source,
                      const std::function<grpc::Status(ExitCode* code)>& call) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  const InterruptHandler handler(Interrupt);
  AttachedFiles attached;
  const absl::Status attached_status = attached.AttachTo(
      channel, options.print.missing_keys(), source->mutable_options());
  if (!attached_status.ok()) {
    PrintError(attached_status.message());
    return kExitBadOption;
  }
  ExitCode code = kExitOk;
  grpc::Status status;
  if (options.local) {
    const ExitCode opened = CallOnLocalFile(
        channel, options.file, source, [&] { return call(&code); }, &status);
    if (opened != kExitOk) return opened;
  } else {
    status = CallOnStoredFile(channel, options.file, LocalFiles::kWithOption,
                              ShortNames::kFind, [&](const std::string& name) {
                                source->set_file(name);
                                return call(&code);
                              });
  }
  if (status.ok()) return code;
  if (WasInterrupted()) return kExitBadInput;
  PrintError(FileErrorText(status, options.file));
  return ExitCodeOf(status);
}

void PrintReadError(const v1::AnalysisEnd& end, const ReadOptions& options,
                    ExitCode* code) {
  if (end.read_error().reason().empty()) return;
  PrintError(WithGivenName(end.read_error().message(), options.file));
  *code = kExitBadInput;
}

}  // namespace dissectd::cli
