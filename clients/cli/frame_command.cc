// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/frame_command.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/error_text.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/status_macros.h"
#include "clients/cpp/response_stream.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// The reason of the error if the session has no such frame.
constexpr char kMissingReason[] = "FRAME_NOT_FOUND";

struct RawFrameOptions {
  std::string session;
  std::vector<std::string> numbers;
  RawPrintOptions print;
};

struct FrameOptions {
  std::string session;
  std::vector<uint32_t> numbers;
  PrintOptions print;
};

absl::Status CheckFrameOptions(const CLI::App& command,
                               const RawFrameOptions& raw,
                               FrameOptions* options) {
  options->session = SessionResourceName(raw.session);
  for (const std::string& text : raw.numbers) {
    ASSIGN_OR_RETURN(const uint32_t number,
                     ParsePositive("frame number", text));
    options->numbers.push_back(number);
  }
  options->print.display_filter = raw.print.display_filter;
  return CheckFormatOptions(command, raw.print, /*print_by_default=*/true,
                            &options->print);
}

// The answers of GetFrame, one call for each frame, as one answer of Dissect.
// Frames that the session doesn't have are passed over.
class FrameAnswers final : public ResponseStream {
 public:
  // `numbers` isn't owned, outlives this and isn't empty.
  FrameAnswers(const std::shared_ptr<grpc::Channel>& channel,
               v1::GetFrameRequest request,
               const std::vector<uint32_t>& numbers)
      : stub_(v1::SessionService::NewStub(channel)),
        request_(std::move(request)),
        numbers_(numbers) {}

  const v1::DissectResponse* Next() override {
    message_.Clear();
    if (response_.has_crash()) {
      message_.mutable_crash()->Swap(response_.mutable_crash());
      response_.clear_crash();
      return &message_;
    }
    if (response_.has_batch()) {
      message_.mutable_batch()->Swap(response_.mutable_batch());
      response_.clear_batch();
      return &message_;
    }
    if (ended_) return nullptr;
    if (!AskForNextFrame()) return End();
    // All answers have the same header.
    if (began_) return Next();
    began_ = true;
    message_.mutable_header()->Swap(response_.mutable_header());
    return &message_;
  }

  // If there was an answer, missing frames are no failure.
  grpc::Status Finish() override {
    if (!status_.ok() || began_ || missing_.empty()) return status_;
    grpc::Status first = missing_.front();
    missing_.erase(missing_.begin());
    return first;
  }
  uint64_t bytes_received() const override { return bytes_; }

  // The errors of frames that the session doesn't have, but for the one that
  // Finish returned.
  const std::vector<grpc::Status>& missing() const { return missing_; }

 private:
  // Gets the next frame that there is. Returns false at the end, or after a
  // failure, which is in `status_`.
  bool AskForNextFrame() {
    while (asked_ < numbers_.size()) {
      grpc::ClientContext context;
      request_.set_frame_number(numbers_[asked_++]);
      response_.Clear();
      const grpc::Status status =
          stub_->GetFrame(&context, request_, &response_);
      bytes_ += response_.ByteSizeLong();
      if (FailureOf(status).reason() == kMissingReason) {
        missing_.push_back(status);
        continue;
      }
      status_ = status;
      // Marks an answer without frames, which only a broken server sends.
      if (status.ok() && !response_.has_crash()) response_.mutable_batch();
      return status.ok();
    }
    return false;
  }

  // Returns the last message; null if there was an error instead.
  const v1::DissectResponse* End() {
    ended_ = true;
    if (!began_ || !status_.ok()) return nullptr;
    message_.mutable_end()->set_reason(v1::END_REASON_END_OF_FILE);
    return &message_;
  }

  const std::unique_ptr<v1::SessionService::Stub> stub_;
  v1::GetFrameRequest request_;
  const std::vector<uint32_t>& numbers_;
  size_t asked_ = 0;
  bool began_ = false;
  bool ended_ = false;
  v1::GetFrameResponse response_;
  v1::DissectResponse message_;
  grpc::Status status_;
  std::vector<grpc::Status> missing_;
  uint64_t bytes_ = 0;
};

ExitCode RunFrame(const std::shared_ptr<grpc::Channel>& channel,
                  const FrameOptions& options) {
  PrintOptions print = options.print;
  print.print = true;
  ResolveOlderNames(channel, &print.only_protocols);
  v1::DissectRequest dissect = MakeDissectRequest(print);
  v1::GetFrameRequest request;
  request.set_session(options.session);
  request.mutable_view()->Swap(dissect.mutable_view());
  FramePrinter printer(channel, print);
  FrameAnswers answers(channel, std::move(request), options.numbers);
  ExitCode code = printer.Finish(printer.Print(&answers));
  for (const grpc::Status& missing : answers.missing()) {
    const ExitCode code_if_missing = ReportStatus(missing);
    if (code == kExitOk) code = code_if_missing;
  }
  return code;
}

}  // namespace

void AddFrameCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "frame", "Print frames of a session, as read -2 does");
  const auto raw = std::make_shared<RawFrameOptions>();
  AddOperand(command, "SESSION", &raw->session,
             "Name of the session (see \"dissectctl session\")")
      ->check(NotEmpty());
  command
      ->add_option("NUMBER", raw->numbers,
                   "Numbers of frames, in any order; those that the session "
                   "doesn't have are named at the end")
      ->required()
      ->type_name("");
  AddFormatOptions(command, &raw->print);
  AddDisplayFilterOption(command, &raw->print);
  command->get_option("-Y")->description(
      "Times since the previous displayed packet are about those that pass "
      "this display filter; each frame is printed, whether it passes or not");
  AddExamples(command, {"session=$(dissectctl session open dns.pcap)",
                        "dissectctl frame \"$session\" 3",
                        "dissectctl frame \"$session\" 5 1 3 -V -x",
                        "dissectctl session close \"$session\""});
  SetCheckedAction(command, raw, CheckFrameOptions, RunFrame, action);
}

}  // namespace dissectd::cli
