// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_PIPE_CALL_H_
#define TESTS_E2E_PIPE_CALL_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "dissectd/v1/dissection.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace dissectd {

// A call of DissectPipe that a test writes to and reads from.
class PipeCall {
 public:
  explicit PipeCall(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::DissectionService::NewStub(channel)) {
    context_.set_deadline(std::chrono::system_clock::now() + kDeadline);
    call_ = stub_->DissectPipe(&context_);
  }
  ~PipeCall() {
    if (!finished_) context_.TryCancel();
  }

  grpc::ClientContext* context() { return &context_; }

  bool Send(const v1::DissectRequest& request) {
    v1::DissectPipeRequest message;
    *message.mutable_request() = request;
    return call_->Write(message);
  }
  bool Send(const std::string& bytes) {
    v1::DissectPipeRequest message;
    message.set_data(bytes);
    return call_->Write(message);
  }
  void EndInput() { call_->WritesDone(); }

  // Reads until there are `count` frames, or the answer ends. Returns the
  // number of frames.
  size_t ReadFrames(size_t count) {
    while (frames_ < count && ReadMessage()) {
    }
    return frames_;
  }
  bool ReadMessage() {
    v1::DissectResponse response;
    if (!call_->Read(&response)) return false;
    frames_ += static_cast<size_t>(response.batch().frames_size());
    last_ = std::move(response);
    return true;
  }
  // Reads to the end.
  grpc::Status Finish() {
    while (ReadMessage()) {
    }
    finished_ = true;
    return call_->Finish();
  }

  size_t frames() const { return frames_; }
  const v1::DissectResponse& last() const { return last_; }

 private:
  // Nothing here takes this long unless something hangs.
  static constexpr std::chrono::seconds kDeadline{60};

  const std::unique_ptr<v1::DissectionService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::DissectPipeRequest, v1::DissectResponse>>
      call_;
  size_t frames_ = 0;
  v1::DissectResponse last_;
  bool finished_ = false;
};

}  // namespace dissectd

#endif  // TESTS_E2E_PIPE_CALL_H_
