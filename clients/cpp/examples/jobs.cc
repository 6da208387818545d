// SPDX-License-Identifier: Apache-2.0

// Ten things that people do with a daemon: `jobs JOB ARGUMENT...`.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/call.h"
#include "clients/cpp/check_filter.h"
#include "clients/cpp/connect.h"
#include "clients/cpp/dissected_frames.h"
#include "clients/cpp/failure.h"
#include "clients/cpp/label_text.h"
#include "clients/cpp/requests.h"
#include "clients/cpp/upload_file.h"
#include "clients/cpp/value_text.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "nlohmann/json.hpp"

namespace {

using dissectd::DissectedFrames;
using dissectd::FrameView;
using dissectd::ValueText;
using dissectd::v1::AnalysisService;
using dissectd::v1::CaptureService;
using dissectd::v1::FileService;

namespace v1 = dissectd::v1;

using Channel = std::shared_ptr<grpc::Channel>;

absl::Status Count(const Channel& channel, const std::string& file) {
  // [job count]
  v1::DissectRequest request = dissectd::DissectCapture(file);
  dissectd::AddColumns({"%p"}, &request);
  std::map<std::string, int> counts;
  DissectedFrames frames(channel, request);
  for (const FrameView& frame : frames) ++counts[std::string(frame.column(0))];
  for (const auto& [protocol, count] : counts) {
    std::cout << protocol << ' ' << count << '\n';
  }
  // [end]
  return frames.status();
}

absl::Status Dns(const Channel& channel, const std::string& file) {
  // [job dns]
  v1::DissectRequest request = dissectd::DissectCapture(file, "dns");
  dissectd::AddColumns({"%s", "%d", "%i"}, &request);
  DissectedFrames frames(channel, request);
  for (const FrameView& frame : frames) {
    std::cout << nlohmann::ordered_json{{"src", frame.column(0)},
                                        {"dst", frame.column(1)},
                                        {"info", frame.column(2)}}
              << '\n';
  }
  // [end]
  return frames.status();
}

absl::Status Http(const Channel& channel, const std::string& file) {
  // [job http]
  v1::DissectRequest request = dissectd::DissectCapture(file, "http.request");
  dissectd::AddFields({"http.host", "http.request.uri"}, &request);
  DissectedFrames frames(channel, request);
  for (const FrameView& frame : frames) {
    std::cout << absl::StrFormat("%d.%09d %s %s\n", frame.seconds(),
                                 frame.nanos(), ValueText(frame, "http.host"),
                                 ValueText(frame, "http.request.uri"));
  }
  // [end]
  return frames.status();
}

absl::Status Tree(const Channel& channel, const std::string& file,
                  uint32_t number) {
  // [job tree]
  v1::DissectRequest request = dissectd::DissectCapture(file);
  request.mutable_view()->mutable_range()->set_first_frame(number);
  request.mutable_view()->mutable_range()->set_last_frame(number);
  dissectd::AddTree(&request);
  DissectedFrames frames(channel, request);
  for (const FrameView& frame : frames) {
    for (const dissectd::Node& node : frame.nodes()) {
      for (uint32_t i = 0; i < node.depth; ++i) std::cout << "  ";
      std::cout << LabelText(node) << '\n';
    }
  }
  // [end]
  return frames.status();
}

absl::Status Follow(const Channel& channel, const std::string& file,
                    const std::string& follower, uint32_t stream) {
  // [job follow]
  v1::FollowStreamRequest request;
  request.mutable_source()->set_file("files/" + file);
  request.set_follower(follower);
  request.set_stream(stream);
  grpc::ClientContext context;
  const auto stub = AnalysisService::NewStub(channel);
  const auto reader = stub->FollowStream(&context, request);
  for (v1::FollowStreamResponse response; reader->Read(&response);) {
    const v1::StreamChunk& chunk = response.chunk();
    if (chunk.from_server()) std::cout << absl::BytesToHexString(chunk.data());
  }
  std::cout << '\n';
  // [end]
  return dissectd::StatusOf(reader->Finish());
}

absl::Status Stop(const Channel& channel, const std::string& capture) {
  v1::StopCaptureRequest request;
  request.set_name(capture);
  return dissectd::Call<CaptureService>(
             channel, &CaptureService::Stub::StopCapture, request)
      .status();
}

absl::Status Live(const Channel& channel, const std::string& port) {
  // [job live]
  const auto created = dissectd::Call<CaptureService>(
      channel, &CaptureService::Stub::CreateCapture,
      dissectd::CaptureFrom("lo", "udp port " + port));
  if (!created.ok()) return created.status();
  const std::string capture = created->capture().name();
  v1::DissectRequest request = dissectd::DissectCapture(capture);
  dissectd::AddFields({"udp.srcport", "udp.dstport"}, &request);
  request.mutable_view()->mutable_range()->set_limit(5);
  DissectedFrames frames(channel, request);
  for (const FrameView& frame : frames) {
    std::cout << ValueText(frame, "udp.srcport") << ' '
              << ValueText(frame, "udp.dstport") << ' '
              << frame.frame().original_length() << '\n';
  }
  // StopCapture answers when the capture has ended.
  if (Stop(channel, capture).ok()) std::cout << "stopped\n";
  // [end]
  return frames.status();
}

absl::Status Interfaces(const Channel& channel) {
  // [job interfaces]
  const auto list = dissectd::Call<CaptureService>(
      channel, &CaptureService::Stub::ListInterfaces,
      v1::ListInterfacesRequest());
  if (!list.ok()) return list.status();
  for (const v1::Interface& interface : list->interfaces()) {
    std::cout << interface.name() << ' '
              << absl::StrJoin(interface.addresses(), ",") << '\n';
  }
  // [end]
  return absl::OkStatus();
}

absl::Status WrongFilter(const Channel& channel, const std::string& filter) {
  // [job wrong-filter]
  const absl::Status status = dissectd::CheckFilter(channel, filter);
  if (!status.ok()) {
    std::cout << dissectd::ErrorText(status) << '\n';
    std::exit(2);  // FailureOf(status).span() has the place.
  }
  // [end]
  return absl::OkStatus();
}

absl::Status Upload(const Channel& channel, const std::string& path,
                    const std::string& filter) {
  // [job upload]
  const absl::StatusOr<std::string> name = dissectd::UploadFile(channel, path);
  if (!name.ok()) return name.status();
  DissectedFrames frames(channel, dissectd::DissectCapture(*name, filter));
  for (const FrameView& frame : frames) static_cast<void>(frame);
  std::cout << frames.totals().frames_sent() << '\n';
  v1::DeleteFileRequest request;
  request.set_name(*name);
  const auto deleted = dissectd::Call<FileService>(
      channel, &FileService::Stub::DeleteFile, request);
  // [end]
  return frames.status().ok() ? deleted.status() : frames.status();
}

absl::Status Rates(const Channel& channel, const std::string& port,
                   uint32_t seconds) {
  // [job rates]
  const auto capture = dissectd::Call<CaptureService>(
      channel, &CaptureService::Stub::CreateCapture,
      dissectd::CaptureFrom("lo", "udp port " + port));
  if (!capture.ok()) return capture.status();
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(capture->capture().name());
  grpc::ClientContext context;
  const auto stub = CaptureService::NewStub(channel);
  const auto reader = stub->WatchCaptureStatistics(&context, request);
  v1::WatchCaptureStatisticsResponse response;
  for (uint32_t i = 0; i < seconds && reader->Read(&response); ++i) {
    std::cout << response.counts().packets() << std::endl;
  }
  context.TryCancel();
  // [end]
  return Stop(channel, capture->capture().name());
}

uint32_t ToNumber(const std::string& text) {
  return static_cast<uint32_t>(std::stoul(text));
}

absl::Status Run(const Channel& channel, const std::vector<std::string>& args) {
  const std::string job = args.empty() ? "" : args[0];
  if (job == "interfaces") return Interfaces(channel);
  if (args.size() < 2) return absl::InvalidArgumentError("JOB ARGUMENT...");
  if (job == "count") return Count(channel, args[1]);
  if (job == "dns") return Dns(channel, args[1]);
  if (job == "http") return Http(channel, args[1]);
  if (job == "live") return Live(channel, args[1]);
  if (job == "wrong-filter") return WrongFilter(channel, args[1]);
  if (args.size() < 3) return absl::InvalidArgumentError("JOB ARGUMENT...");
  if (job == "tree") return Tree(channel, args[1], ToNumber(args[2]));
  if (job == "upload") return Upload(channel, args[1], args[2]);
  if (job == "rates") return Rates(channel, args[1], ToNumber(args[2]));
  if (args.size() < 4) return absl::InvalidArgumentError("JOB ARGUMENT...");
  return Follow(channel, args[1], args[2], ToNumber(args[3]));
}

}  // namespace

int main(int argc, char** argv) {
  const char* const server = std::getenv("DISSECTD_SERVER");
  const Channel channel =
      dissectd::Connect(server == nullptr ? "localhost:50051" : server);
  const absl::Status status =
      Run(channel, std::vector<std::string>(argv + 1, argv + argc));
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "jobs: " << dissectd::ErrorText(status) << '\n';
  return EXIT_FAILURE;
}
