// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/follow_command.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/analysis_source.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/interruption.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/read_options.h"
#include "clients/cli/status_macros.h"
#include "dissectd/v1/analysis.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

struct RawFollowOptions {
  RawReadOptions read;
  std::string follower = "TCP";
  std::optional<uint32_t> stream;
  std::optional<uint32_t> sub_stream;
  std::optional<uint32_t> frame;
  // Which side's bytes to write; empty for both.
  std::string side;
};

struct FollowOptions {
  ReadOptions read;
  v1::FollowStreamRequest request;
  std::string side;
};

absl::Status CheckFollowOptions(const CLI::App& command,
                                const RawFollowOptions& raw,
                                FollowOptions* options) {
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, &options->read));
  options->side = raw.side;
  v1::FollowStreamRequest& request = options->request;
  SetSourceOptions(options->read, request.mutable_source());
  request.set_follower(raw.follower);
  if (raw.frame.has_value()) {
    request.set_frame_number(*raw.frame);
  } else {
    request.set_stream(raw.stream.value_or(0));
  }
  if (raw.sub_stream.has_value()) request.set_sub_stream(*raw.sub_stream);
  return absl::OkStatus();
}

// Writes bytes to standard output. Prints an error and returns false if that
// isn't possible.
bool Write(const std::string& bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) {
    return true;
  }
  PrintError(
      absl::StrCat("Can't write to standard output: ", std::strerror(errno)));
  return false;
}

grpc::Status PrintStream(const ChannelPtr& channel,
                         const v1::FollowStreamRequest& request,
                         const FollowOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader =
      v1::AnalysisService::NewStub(channel)->FollowStream(&context, request);
  v1::FollowStreamResponse response;
  while (reader->Read(&response)) {
    if (response.has_end()) {
      PrintReadError(response.end(), options.read, code);
    }
    if (!response.has_chunk()) continue;
    const v1::StreamChunk& chunk = response.chunk();
    const char* const side = chunk.from_server() ? "server" : "client";
    if (!options.side.empty() && options.side != side) continue;
    if (Write(chunk.data())) continue;
    context.TryCancel();
    reader->Finish();
    *code = kExitOutput;
    return grpc::Status::OK;
  }
  return reader->Finish();
}

ExitCode RunFollow(const ChannelPtr& channel, const FollowOptions& options) {
  v1::FollowStreamRequest request = options.request;
  return CallOnSource(channel, options.read, request.mutable_source(),
                      [&](ExitCode* code) {
                        return PrintStream(channel, request, options, code);
                      });
}

}  // namespace

void AddFollowCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "follow", "Write the bytes of a stream to standard output");
  const auto raw = std::make_shared<RawFollowOptions>();
  AddWholeCaptureOptions(command, &raw->read);
  AddValue(command, "--follower", &raw->follower,
           "The protocol, for example UDP or TLS")
      ->type_name("PROTOCOL")
      ->capture_default_str();
  CLI::Option* const stream =
      command
          ->add_option("--stream", raw->stream,
                       "The number of the stream, by default 0")
          ->type_name("NUMBER");
  command
      ->add_option("--sub-stream", raw->sub_stream,
                   "The number in a stream of HTTP2 or QUIC")
      ->type_name("NUMBER");
  command->add_option("--frame", raw->frame, "A frame of the stream")
      ->type_name("NUMBER")
      ->excludes(stream);
  AddValue(command, "--side", &raw->side, "Only the bytes of one side")
      ->type_name("SIDE")
      ->check(CLI::IsMember({"client", "server"}));
  AddExamples(command,
              {"dissectctl follow http1.pcap.gz --stream 0",
               "dissectctl follow http1.pcap.gz --frame 4 --side server",
               "dissectctl stat http1.pcap.gz -z follow,tcp,hex,0",
               "session=$(dissectctl session open http1.pcap.gz)",
               "dissectctl follow --session \"$session\" --stream 1"});
  SetCheckedAction(command, raw, CheckFollowOptions, RunFollow, action);
}

}  // namespace dissectd::cli
