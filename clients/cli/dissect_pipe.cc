// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/dissect_pipe.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {

DissectPipe::DissectPipe(const std::shared_ptr<grpc::Channel>& channel,
                         const v1::DissectRequest& request, ScopedFd input,
                         const std::string& file_name)
    : stub_(v1::DissectionService::NewStub(channel)),
      call_(stub_->DissectPipe(&context_)),
      input_(std::move(input), kSignOfLifeInterval) {
  v1::DissectPipeRequest first;
  *first.mutable_request() = request;
  first.set_file_name(file_name);
  sender_ = std::thread([this, first = std::move(first)] { Send(first); });
}

DissectPipe::~DissectPipe() {
  if (!finished_) context_.TryCancel();
  StopSending();
  if (!finished_) call_->Finish().ok();
}

void DissectPipe::Send(const v1::DissectPipeRequest& first) {
  // If a write fails, the call has ended, and Finish returns the reason.
  v1::DissectPipeRequest message;
  if (call_->Write(first)) {
    while (input_.Read(message.mutable_data()) && call_->Write(message)) {
    }
  }
  if (input_.error() != 0) return context_.TryCancel();
  call_->WritesDone();
}

void DissectPipe::StopSending() {
  if (!sender_.joinable()) return;
  input_.Stop();
  sender_.join();
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
  if (input_.error() == 0) return status;
  return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                      absl::StrCat("The file could not be read: ",
                                   std::strerror(input_.error()), "."));
}

}  // namespace dissectd::cli
