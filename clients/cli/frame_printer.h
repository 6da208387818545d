// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FRAME_PRINTER_H_
#define CLIENTS_CLI_FRAME_PRINTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/info_additions.h"
#include "clients/cli/output_file.h"
#include "clients/cli/print_options.h"
#include "clients/cli/progress_bar.h"
#include "clients/cpp/frame_decoder.h"
#include "clients/cpp/response_stream.h"
#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Requests the dissection of a capture and prints the result to standard output
// as tshark would. Errors go to standard error.
//
// Thread-compatible.
class FramePrinter {
 public:
  // `options` is not owned and outlives this.
  FramePrinter(const std::shared_ptr<grpc::Channel>& channel,
               const PrintOptions& options);
  // Leaves a terminal with its default colors.
  ~FramePrinter();
  FramePrinter(const FramePrinter&) = delete;
  FramePrinter& operator=(const FramePrinter&) = delete;

  // Sets a function to call when the dissection starts, before anything is
  // printed.
  void OnBegin(std::function<void()> on_begin) {
    on_begin_ = std::move(on_begin);
  }

  // Sets what to add to the column Info of frames; it is an error then if that
  // isn't printed. `additions` may be null; otherwise outlives this.
  void AddToInfo(const InfoSource* additions) { additions_ = additions; }

  // Prints the answer to the request, or its error. Call it once.
  ExitCode Run(const v1::DissectRequest& request);

  // Does the same in two steps, between which the caller can look at the error.
  // If the request is refused, which prints nothing, Dissect can be called
  // again.
  grpc::Status Dissect(const v1::DissectRequest& request);
  // Prints an answer to a request that was made already.
  grpc::Status Print(ResponseStream* stream);
  ExitCode Finish(const grpc::Status& status);

  // Whether the dissection started; if not, the request was refused.
  bool began() const { return began_; }

  // The number of frames that have passed the filter so far.
  uint64_t frames() const { return frames_; }

 private:
  absl::Status Take(const v1::DissectResponse& response);
  absl::Status TakeHeader(const v1::StreamHeader& header);
  absl::Status TakeBatch(const v1::FrameBatch& batch);
  void TakeCrash(const v1::Crash& crash);
  ExitCode End();
  // Ends what is printed as tshark does, without an error message.
  ExitCode EndInterrupted();
  void PrintTotals(const ResponseStream& stream, double seconds) const;

  const std::shared_ptr<grpc::Channel> channel_;
  const PrintOptions& options_;
  OutputFile output_;
  const std::unique_ptr<Formatter> formatter_;
  FrameDecoder decoder_;
  ProgressBar progress_;
  std::function<void()> on_begin_;
  bool began_ = false;
  const InfoSource* additions_ = nullptr;
  // The indexes of the columns that show Info.
  std::vector<int> info_columns_;
  // Whether the crash of the daemon's process was reported.
  bool crashed_ = false;
  uint64_t frames_ = 0;
  // The last message of the stream.
  v1::StreamEnd end_;
  // The outcome, if the call didn't fail.
  ExitCode code_ = kExitOk;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FRAME_PRINTER_H_
