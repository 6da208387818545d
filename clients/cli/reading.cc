// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/reading.h"

#include <csignal>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/analysis.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/capture_source.h"
#include "clients/cli/dissect_pipe.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/info_additions.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/local_file.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

constexpr char kCrashedReason[] = "WORKER_CRASHED";

// Returns tshark's error, which doesn't store what comes from a pipe.
absl::Status TwoPassesOverPipe(const std::string& path) {
  return absl::FailedPreconditionError(WithGivenName(
      absl::StrCat("The file \"", path,
                   "\" is a pipe or FIFO; TShark can't read pipe or FIFO "
                   "files in two-pass mode."),
      path));
}

// Returns the capture of a request for its analysis.
v1::AnalysisSource SourceOf(const v1::DissectRequest& request,
                            const ReadOptions& options) {
  v1::AnalysisSource source;
  // The daemon doesn't know the name of a file of this machine.
  if (options.local) source.set_capture_name(options.file);
  if (request.has_session()) {
    source.set_session(request.session());
  } else if (request.has_inline_capture()) {
    source.set_inline_capture(request.inline_capture());
  } else {
    source.set_file(request.file());
  }
  if (request.has_options()) *source.mutable_options() = request.options();
  source.set_read_format(request.read_format());
  *source.mutable_range() = request.view().range();
  source.mutable_range()->clear_limit();
  return source;
}

// Reads a capture once its place is known.
class Reading {
 public:
  // `options` and `print` are not owned and outlive this.
  Reading(const ChannelPtr& channel, const ReadOptions& options,
          const PrintOptions& print)
      : options_(options),
        print_(print),
        printer_(channel, print),
        analysis_(channel, options.analysis, print) {}

  // Returns the status of the call that failed. If the capture isn't found, it
  // can be called again.
  grpc::Status Read(const v1::DissectRequest& request);

  // Prints what is left, or the error. Returns the exit code.
  ExitCode Finish(const grpc::Status& status);

  FramePrinter* printer() { return &printer_; }

 private:
  // Whether there is something to dissect: tshark also refuses a wrong display
  // filter if it prints no frames.
  bool NeedsFrames() const {
    return print_.print || !print_.display_filter.empty() ||
           options_.analysis.reports.empty();
  }

  const ReadOptions& options_;
  const PrintOptions& print_;
  FramePrinter printer_;
  Analysis analysis_;
  v1::AnalysisSource source_;
  // Why there are no reports.
  grpc::Status refusal_;
};

grpc::Status Reading::Read(const v1::DissectRequest& request) {
  source_ = SourceOf(request, options_);
  refusal_ = analysis_.MakeReports(source_);
  const bool crashed = FailureOf(refusal_).reason() == kCrashedReason;
  // The other frames of a capture that crashes a dissector are printed.
  if (!refusal_.ok() && !(crashed && print_.print)) return refusal_;
  printer_.AddToInfo(analysis_.info_additions());
  if (refusal_.ok() && !print_.print && analysis_.info_additions() != nullptr) {
    refusal_ = {grpc::StatusCode::INVALID_ARGUMENT, kNoInfoColumn};
    return refusal_;
  }
  return NeedsFrames() ? printer_.Dissect(request) : grpc::Status::OK;
}

ExitCode Reading::Finish(const grpc::Status& status) {
  if (!refusal_.ok() && WasInterrupted()) return kExitBadInput;
  if (!status.ok()) {
    return refusal_.ok() ? printer_.Finish(status) : analysis_.Refuse(status);
  }
  const ExitCode code =
      NeedsFrames() ? printer_.Finish(status) : analysis_.PrintEnd();
  if (!refusal_.ok()) return analysis_.Refuse(refusal_);
  if (code == kExitBadOption) return code;
  if (!options_.analysis.any() || WasInterrupted()) return code;
  const ExitCode analysis = analysis_.Finish(source_);
  return code == kExitOk ? analysis : code;
}

ExitCode ReadLocalFile(const ChannelPtr& channel, const ReadOptions& options,
                       v1::DissectRequest request, PrintOptions* print) {
  absl::StatusOr<LocalFile> file = OpenLocalFile(options.file);
  const bool two_pass = request.options().two_pass();
  if (file.ok() && file->is_pipe && (two_pass || options.analysis.any())) {
    // A second pass needs the whole capture, and so does an analysis.
    file = print->as_tshark && two_pass
               ? TwoPassesOverPipe(options.file)
               : ReadToEnd(*std::move(file), options.file);
  }
  if (!file.ok()) {
    PrintError(file.status().message());
    return UnreadableCaptureExitCode(channel);
  }
  // Frames are printed while the capture comes.
  print->live = file->is_pipe;
  Reading reading(channel, options, *print);
  if (file->is_pipe) {
    DissectPipe pipe(channel, request, std::move(file->fd),
                     BaseName(options.file));
    return reading.printer()->Finish(reading.printer()->Print(&pipe));
  }
  UploadedFile upload(channel);
  const ExitCode code = SetLocalSource(*file, options.file, &upload, &request);
  return code == kExitOk ? reading.Finish(reading.Read(request)) : code;
}

v1::DissectRequest MakeRequest(const ReadOptions& options,
                               const PrintOptions& print) {
  v1::DissectRequest request = MakeDissectRequest(print);
  v1::FrameRange* const range = request.mutable_view()->mutable_range();
  range->set_last_frame(options.count);
  range->set_limit(options.limit);
  range->MergeFrom(options.times);
  request.set_read_format(options.read_format);
  if (!options.session.empty()) {
    request.set_session(options.session);
    request.clear_options();
  }
  return request;
}

}  // namespace

ExitCode ReadCapture(const ChannelPtr& channel, const ReadOptions& options) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that an
  // uploaded file is still deleted.
  std::signal(SIGPIPE, SIG_IGN);
  const InterruptHandler handler(Interrupt);
  PrintOptions print = options.print;
  ResolveOlderNames(channel, &print.only_protocols);
  const ExitCode code = AttachFiles(channel, print.missing_keys(),
                                    &print.dissection, &print.attached);
  if (code != kExitOk) return code;
  v1::DissectRequest request = MakeRequest(options, print);
  if (options.local) {
    return ReadLocalFile(channel, options, std::move(request), &print);
  }
  Reading reading(channel, options, print);
  if (!options.session.empty()) return reading.Finish(reading.Read(request));
  return reading.Finish(
      CallOnStoredFile(channel, options.file, LocalFiles::kWithOption,
                       ShortNames::kFind, [&](const std::string& file) {
                         request.set_file(file);
                         return reading.Read(request);
                       }));
}

}  // namespace dissectd::cli
