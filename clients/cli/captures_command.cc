// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/captures_command.h"

#include <cmath>
#include <cstdio>

#include "clients/cli/capture_files.h"
#include "clients/cli/capture_text.h"
#include "clients/cli/error_text.h"
#include "clients/cli/resource_names.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::cli {
namespace {

ExitCode Result(const grpc::Status& status) {
  if (!status.ok()) PrintError(ErrorText(status));
  return ExitCodeOf(status);
}

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

}  // namespace

ExitCode RunCapturesList(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = v1::CaptureService::NewStub(channel);
  v1::ListCapturesRequest request;
  do {
    grpc::ClientContext context;
    v1::ListCapturesResponse response;
    const grpc::Status status =
        stub->ListCaptures(&context, request, &response);
    if (!status.ok()) return Result(status);
    for (const v1::Capture& capture : response.captures()) {
      Print(CaptureLine(capture));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return kExitOk;
}

ExitCode RunCapturesGet(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name) {
  grpc::ClientContext context;
  v1::GetCaptureRequest request;
  request.set_name(CaptureResourceName(name));
  v1::GetCaptureResponse response;
  const grpc::Status status = v1::CaptureService::NewStub(channel)->GetCapture(
      &context, request, &response);
  if (!status.ok()) return Result(status);
  Print(CaptureLine(response.capture()));
  return Result(ForEachCaptureFile(
      channel, request.name(),
      [](const v1::CaptureFile& file) { Print(CaptureFileLine(file)); }));
}

ExitCode RunCapturesDelete(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& name, bool delete_files) {
  grpc::ClientContext context;
  v1::DeleteCaptureRequest request;
  request.set_name(CaptureResourceName(name));
  request.set_delete_files(delete_files);
  v1::DeleteCaptureResponse response;
  return Result(v1::CaptureService::NewStub(channel)->DeleteCapture(
      &context, request, &response));
}

ExitCode RunWatch(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& name, uint64_t after) {
  const auto stub = v1::CaptureService::NewStub(channel);
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(CaptureResourceName(name));
  request.set_after_sequence(after);
  const auto reader = stub->WatchCapture(&context, request);
  v1::WatchCaptureResponse response;
  while (reader->Read(&response)) {
    Print(CaptureEventLine(response.event()));
    std::fflush(stdout);
  }
  return Result(reader->Finish());
}

ExitCode RunRates(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& name, double interval, uint32_t top) {
  const auto stub = v1::CaptureService::NewStub(channel);
  grpc::ClientContext context;
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(CaptureResourceName(name));
  *request.mutable_interval() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(
          std::lround(interval * 1000));
  request.set_top_protocols(top);
  const auto reader = stub->WatchCaptureStatistics(&context, request);
  v1::WatchCaptureStatisticsResponse response;
  while (reader->Read(&response)) {
    Print(RatesLine(response));
    std::fflush(stdout);
  }
  return Result(reader->Finish());
}

ExitCode RunStop(const std::shared_ptr<grpc::Channel>& channel,
                 const std::string& name, bool kill) {
  grpc::ClientContext context;
  v1::StopCaptureRequest request;
  request.set_name(CaptureResourceName(name));
  request.set_mode(kill ? v1::STOP_MODE_KILL : v1::STOP_MODE_GRACEFUL);
  v1::StopCaptureResponse response;
  const grpc::Status status = v1::CaptureService::NewStub(channel)->StopCapture(
      &context, request, &response);
  if (status.ok()) {
    Print(DropLines(response.capture()));
    Print(PacketCountLine(response.capture().packets_written()));
  }
  return Result(status);
}

}  // namespace dissectd::cli
