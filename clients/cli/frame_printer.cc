// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/frame_printer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/crash_text.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/format/column_fields.h"
#include "clients/cli/format/frame_colors.h"
#include "clients/cli/interruption.h"
#include "clients/cli/make_formatter.h"
#include "clients/cli/status_macros.h"
#include "clients/cpp/dissect_stream.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// The reason of the error if a live capture ended before it had a file. The
// caller reports the end of the capture.
constexpr char kNoFileReason[] = "CAPTURE_HAS_NO_FILE";
// The reason of the error that follows the report of a crash.
constexpr char kCrashedReason[] = "WORKER_CRASHED";
// The format of the column Info.
constexpr char kInfoFormat[] = "%i";

// Returns tshark's error about columns that its release would have as fields.
absl::Status CheckColumnFields(const PrintOptions& options,
                               const v1::StreamHeader& header) {
  const std::vector<std::string> unknown =
      UnknownColumnFields(options.fields, header);
  if (!options.print || unknown.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "Some fields aren't valid:\n\t", absl::StrJoin(unknown, "\n\t")));
}

// tshark has no exit code of its own for output that can't be written.
ExitCode ExitCodeWithoutOutput(const PrintOptions& options) {
  return options.as_tshark ? kExitBadInput : kExitOutput;
}

}  // namespace

FramePrinter::FramePrinter(const std::shared_ptr<grpc::Channel>& channel,
                           const PrintOptions& options)
    : channel_(channel),
      options_(options),
      formatter_(MakeFormatter(options, output_.buffer())) {}

FramePrinter::~FramePrinter() {
  if (!began_ || !options_.print || !options_.color_terminal) return;
  output_.buffer()->Append(kDefaultColors);
  output_.Flush().IgnoreError();
}

absl::Status FramePrinter::Take(const v1::DissectResponse& response) {
  switch (response.kind_case()) {
    case v1::DissectResponse::kHeader:
      return TakeHeader(response.header());
    case v1::DissectResponse::kBatch:
      return TakeBatch(response.batch());
    case v1::DissectResponse::kProgress:
      if (!options_.live) {
        progress_.Update("Reading", response.progress().bytes_read(),
                         response.progress().bytes_total());
      }
      break;
    case v1::DissectResponse::kCrash:
      TakeCrash(response.crash());
      break;
    case v1::DissectResponse::kEnd:
      end_ = response.end();
      break;
    default:
      // Newer servers may send other kinds.
      break;
  }
  return absl::OkStatus();
}

absl::Status FramePrinter::TakeHeader(const v1::StreamHeader& header) {
  began_ = true;
  if (on_begin_ != nullptr) on_begin_();
  for (const std::string& notice : header.notices()) {
    PrintError(options_.attached.WithPaths(notice));
  }
  RETURN_IF_ERROR(CheckColumnFields(options_, header));
  if (formatter_ != nullptr) formatter_->Begin(header);
  for (int i = 0; i < header.columns_size(); ++i) {
    if (header.columns(i).format() == kInfoFormat) info_columns_.push_back(i);
  }
  if (additions_ != nullptr && info_columns_.empty()) {
    RETURN_IF_ERROR(output_.Flush());
    return absl::FailedPreconditionError(kNoInfoColumn);
  }
  return options_.live ? output_.Flush() : absl::OkStatus();
}

absl::Status FramePrinter::TakeBatch(const v1::FrameBatch& batch) {
  frames_ += static_cast<uint64_t>(batch.frames_size());
  for (FrameView& frame : decoder_.Decode(batch)) {
    if (formatter_ == nullptr) continue;
    if (additions_ != nullptr) {
      frame.AppendToColumns(info_columns_,
                            additions_->Of(frame.frame().number()));
    }
    formatter_->WriteFrame(frame);
    RETURN_IF_ERROR(options_.line_buffered ? output_.Flush()
                                           : output_.FlushIfLarge());
  }
  return options_.live ? output_.Flush() : absl::OkStatus();
}

void FramePrinter::TakeCrash(const v1::Crash& crash) {
  progress_.Clear();
  crashed_ = true;
  PrintError(CrashText(crash));
}

void FramePrinter::PrintTotals(const ResponseStream& stream,
                               double seconds) const {
  std::printf("%llu frames, %llu bytes received, %.3f seconds\n",
              static_cast<unsigned long long>(frames_),
              static_cast<unsigned long long>(stream.bytes_received()),
              seconds);
  std::fflush(stdout);
}

ExitCode FramePrinter::End() {
  if (formatter_ != nullptr) formatter_->End();
  if (const absl::Status status = output_.Flush(); !status.ok()) {
    if (!absl::IsAborted(status)) PrintError(status.message());
    return ExitCodeWithoutOutput(options_);
  }
  progress_.Clear();
  if (end_.reason() != v1::END_REASON_READ_ERROR) return kExitOk;
  // Separates errors from packets if both go to the same terminal.
  struct stat out;
  struct stat err;
  if (fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &err) == 0 &&
      out.st_dev == err.st_dev && out.st_ino == err.st_ino) {
    std::fputc('\n', stderr);
  }
  PrintError(WithGivenName(end_.read_error().message(), options_.capture_name));
  return kExitBadInput;
}

ExitCode FramePrinter::EndInterrupted() {
  if (!began_) return kExitBadInput;
  const ExitCode code = End();
  return code == kExitOk ? kExitBadInput : code;
}

grpc::Status FramePrinter::Dissect(const v1::DissectRequest& request) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  DissectStream stream(channel_, request, &context);
  return Print(&stream);
}

grpc::Status FramePrinter::Print(ResponseStream* stream) {
  const auto begin = std::chrono::steady_clock::now();
  while (const v1::DissectResponse* response = stream->Next()) {
    const absl::Status status = Take(*response);
    if (status.ok()) continue;
    if (!absl::IsAborted(status)) PrintError(status.message());
    code_ = absl::IsFailedPrecondition(status)
                ? kExitBadOption
                : ExitCodeWithoutOutput(options_);
    return grpc::Status::OK;
  }
  const grpc::Status status = stream->Finish();
  if (options_.live && FailureOf(status).reason() == kNoFileReason) {
    return grpc::Status::OK;
  }
  if (!status.ok() && WasInterrupted()) {
    code_ = EndInterrupted();
    return grpc::Status::OK;
  }
  if (!status.ok()) return status;
  code_ = End();
  if (options_.type == OutputType::kNone) {
    PrintTotals(*stream, std::chrono::duration<double>(
                             std::chrono::steady_clock::now() - begin)
                             .count());
  }
  return status;
}

ExitCode FramePrinter::Finish(const grpc::Status& status) {
  // Frames that crash the daemon's process are missing.
  if (status.ok()) {
    return crashed_ && code_ == kExitOk ? kExitServer : code_;
  }
  // Frames before the failure are complete.
  output_.Flush().IgnoreError();
  progress_.Clear();
  if (!crashed_ || FailureOf(status).reason() != kCrashedReason) {
    PrintError(FileErrorText(status, options_.capture_name));
  }
  return CaptureExitCodeOf(channel_, status);
}

ExitCode FramePrinter::Run(const v1::DissectRequest& request) {
  return Finish(Dissect(request));
}

}  // namespace dissectd::cli
