// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/frame_command.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "clients/cli/checked_command.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/response_stream.h"
#include "clients/cli/session_options.h"
#include "clients/cli/status_macros.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

struct RawFrameOptions {
  std::string session;
  std::string number;
  RawPrintOptions print;
};

struct FrameOptions {
  std::string session;
  uint32_t number = 0;
  PrintOptions print;
};

absl::Status CheckFrameOptions(const CLI::App& command,
                               const RawFrameOptions& raw,
                               FrameOptions* options) {
  RETURN_IF_ERROR(CheckSessionOptions(command));
  options->session = SessionResourceName(raw.session);
  ASSIGN_OR_RETURN(options->number, ParsePositive("frame number", raw.number));
  return CheckPrintOptions(command, raw.print, /*print_by_default=*/true,
                           &options->print);
}

// The answer of GetFrame as that of Dissect.
class FrameAnswer final : public ResponseStream {
 public:
  FrameAnswer(v1::GetFrameResponse response, grpc::Status status)
      : response_(std::move(response)),
        status_(std::move(status)),
        bytes_(response_.ByteSizeLong()) {}

  const v1::DissectResponse* Next() override {
    if (!status_.ok()) return nullptr;
    message_.Clear();
    switch (sent_++) {
      case 0:
        message_.mutable_header()->Swap(response_.mutable_header());
        return &message_;
      case 1:
        if (response_.has_crash()) {
          message_.mutable_crash()->Swap(response_.mutable_crash());
        } else {
          message_.mutable_batch()->Swap(response_.mutable_batch());
        }
        return &message_;
      case 2:
        message_.mutable_end()->set_reason(v1::END_REASON_END_OF_FILE);
        return &message_;
      default:
        return nullptr;
    }
  }
  grpc::Status Finish() override { return status_; }
  uint64_t bytes_received() const override { return bytes_; }

 private:
  v1::GetFrameResponse response_;
  const grpc::Status status_;
  const uint64_t bytes_;
  int sent_ = 0;
  v1::DissectResponse message_;
};

ExitCode RunFrame(const std::shared_ptr<grpc::Channel>& channel,
                  const FrameOptions& options) {
  PrintOptions print = options.print;
  print.print = true;
  ResolveOlderNames(channel, &print.only_protocols);
  v1::DissectRequest dissect = MakeDissectRequest(print);
  v1::GetFrameRequest request;
  request.set_session(options.session);
  request.set_frame_number(options.number);
  request.mutable_view()->Swap(dissect.mutable_view());
  grpc::ClientContext context;
  v1::GetFrameResponse response;
  const grpc::Status status = v1::SessionService::NewStub(channel)->GetFrame(
      &context, request, &response);
  FramePrinter printer(channel, print);
  FrameAnswer answer(std::move(response), status);
  return printer.Finish(printer.Print(&answer));
}

}  // namespace

void AddFrameCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "frame", "Print one frame of a session, as read -2 does");
  const auto raw = std::make_shared<RawFrameOptions>();
  AddOperand(command, "SESSION", &raw->session,
             "Name of the session (see \"dissectctl session\")")
      ->check(NotEmpty());
  AddOperand(command, "NUMBER", &raw->number, "Number of the frame");
  AddPrintOptions(command, &raw->print);
  AddExamples(command, {"session=$(dissectctl session open dns.pcap)",
                        "dissectctl frame \"$session\" 3",
                        "dissectctl frame \"$session\" 3 -V -x",
                        "dissectctl session close \"$session\""});
  SetCheckedAction(command, raw, CheckFrameOptions, RunFrame, action);
}

}  // namespace dissectd::cli
