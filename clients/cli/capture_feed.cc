// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_feed.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/closed_streams.h"
#include "clients/cli/error_text.h"
#include "clients/cli/local_file.h"
#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {
namespace {

// The reason of the error if the capture has ended, which the caller reports.
constexpr char kEndedReason[] = "CAPTURE_NOT_FED";

}  // namespace

CaptureFeed::CaptureFeed(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::CaptureService::NewStub(channel)) {}

CaptureFeed::~CaptureFeed() { Stop(); }

absl::Status CaptureFeed::Open(const std::string& path) {
  ScopedFd pipe(IsStandardInput(path)
                    ? DuplicateStream(STDIN_FILENO)
                    : open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (pipe.get() < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("The capture session could not be initiated due to error "
                     "on pipe open: ",
                     std::strerror(errno), "."));
  }
  input_.emplace(std::move(pipe), kSignOfLifeInterval);
  return absl::OkStatus();
}

void CaptureFeed::Start(const std::string& capture,
                        std::function<void()> on_error) {
  if (!input_.has_value()) return;
  thread_ = std::thread([this, capture, on_error = std::move(on_error)] {
    Send(capture, on_error);
  });
}

void CaptureFeed::Send(const std::string& capture,
                       const std::function<void()>& on_error) {
  v1::FeedCaptureResponse response;
  const auto writer = stub_->FeedCapture(&context_, &response);
  v1::FeedCaptureRequest message;
  message.set_name(capture);
  // The first message has no bytes, as these may be a long time coming. If a
  // write fails, the call has ended, and Finish returns the reason.
  while (writer->Write(message) && input_->Read(message.mutable_data())) {
  }
  if (input_->error() != 0) {
    PrintError(absl::StrCat("Error reading from pipe or socket: ",
                            std::strerror(input_->error()), "."));
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (status.ok() || status.error_code() == grpc::StatusCode::CANCELLED ||
      FailureOf(status).reason() == kEndedReason) {
    return;
  }
  PrintError(ErrorText(status));
  on_error();
}

void CaptureFeed::Stop() {
  if (!thread_.joinable()) return;
  input_->Stop();
  // Has no effect if the end of the capture has ended the call.
  context_.TryCancel();
  thread_.join();
}

}  // namespace dissectd::cli
