// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/live_capture.h"

#include <cstdint>

#include "clients/cli/error_text.h"

namespace dissectd::cli {
namespace {

// How long a capture goes on without this process, which uses it all the time.
constexpr int64_t kIdleSeconds = 30;

}  // namespace

LiveCapture::LiveCapture(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::CaptureService::NewStub(channel)) {}

std::string LiveCapture::name() const {
  absl::MutexLock lock(&mu_);
  return name_;
}

grpc::Status LiveCapture::Create(const v1::CaptureOptions& options,
                                 IfKilled if_killed) {
  grpc::ClientContext context;
  v1::CreateCaptureRequest request;
  *request.mutable_options() = options;
  if (if_killed == IfKilled::kEndsSoon) {
    request.mutable_idle_timeout()->set_seconds(kIdleSeconds);
  }
  v1::CreateCaptureResponse response;
  const grpc::Status status =
      stub_->CreateCapture(&context, request, &response);
  if (!status.ok()) return status;
  bool interrupted;
  {
    absl::MutexLock lock(&mu_);
    name_ = response.capture().name();
    interrupted = interrupted_;
  }
  if (!interrupted) return status;
  v1::Capture ignored;
  return Stop(&ignored);
}

void LiveCapture::Interrupt() {
  {
    absl::MutexLock lock(&mu_);
    interrupted_ = true;
    if (name_.empty()) return;
  }
  v1::Capture ignored;
  const grpc::Status status = Stop(&ignored);
  if (!status.ok()) PrintError(ErrorText(status));
}

grpc::Status LiveCapture::Wait(
    const std::function<void(uint64_t packets)>& on_packets) {
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(name());
  const auto reader = stub_->WatchCapture(&context, request);
  v1::WatchCaptureResponse response;
  while (reader->Read(&response)) {
    if (response.event().has_packets_written()) {
      on_packets(response.event().packets_written().total_packets());
    }
  }
  return reader->Finish();
}

grpc::Status LiveCapture::Stop(v1::Capture* capture) {
  grpc::ClientContext context;
  v1::StopCaptureRequest request;
  request.set_name(name());
  v1::StopCaptureResponse response;
  const grpc::Status status = stub_->StopCapture(&context, request, &response);
  *capture = std::move(*response.mutable_capture());
  return status;
}

grpc::Status LiveCapture::Delete() {
  grpc::ClientContext context;
  v1::DeleteCaptureRequest request;
  request.set_name(name());
  request.set_delete_files(true);
  v1::DeleteCaptureResponse response;
  return stub_->DeleteCapture(&context, request, &response);
}

}  // namespace dissectd::cli
