// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/dissect_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

// The largest piece to send; a pipe holds 64 KiB by default.
constexpr size_t kChunkBytes = 256 << 10;

}  // namespace

DissectPipe::DissectPipe(const std::shared_ptr<grpc::Channel>& channel,
                         const v1::DissectRequest& request, ScopedFd input,
                         const std::string& file_name)
    : stub_(v1::DissectionService::NewStub(channel)),
      call_(stub_->DissectPipe(&context_)),
      input_(std::move(input)) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) read_error_ = errno;
  stop_[0] = ScopedFd(ends[0]);
  stop_[1] = ScopedFd(ends[1]);
  v1::DissectPipeRequest first;
  *first.mutable_request() = request;
  first.set_file_name(file_name);
  sender_ = std::thread(
      [this, first = std::move(first)]() mutable { Send(std::move(first)); });
}

DissectPipe::~DissectPipe() {
  if (!finished_) context_.TryCancel();
  StopSending();
  if (!finished_) call_->Finish().ok();
}

void DissectPipe::Send(v1::DissectPipeRequest first) {
  // If a write fails, the call has ended, and Finish returns the reason.
  if (read_error_ == 0 && call_->Write(first)) SendInput();
  if (read_error_ != 0) return context_.TryCancel();
  call_->WritesDone();
}

void DissectPipe::SendInput() {
  v1::DissectPipeRequest message;
  std::string* data = message.mutable_data();
  while (WaitForInput()) {
    data->resize(kChunkBytes);
    const ssize_t count = read(input_.get(), data->data(), data->size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) read_error_ = errno;
    if (count <= 0) return;
    data->resize(static_cast<size_t>(count));
    if (!call_->Write(message)) return;
  }
}

bool DissectPipe::WaitForInput() const {
  pollfd files[] = {{input_.get(), POLLIN, 0}, {stop_[0].get(), POLLIN, 0}};
  while (poll(files, 2, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return files[1].revents == 0;
}

void DissectPipe::StopSending() {
  stop_[1] = ScopedFd();
  if (sender_.joinable()) sender_.join();
}

const v1::DissectResponse* DissectPipe::Next() {
  if (!call_->Read(&response_)) return nullptr;
  bytes_received_ += response_.ByteSizeLong();
  return &response_;
}

grpc::Status DissectPipe::Finish() {
  StopSending();
  finished_ = true;
  grpc::Status status = call_->Finish();
  if (read_error_ == 0) return status;
  return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                      absl::StrCat("The file could not be read: ",
                                   std::strerror(read_error_), "."));
}

}  // namespace dissectd::cli
