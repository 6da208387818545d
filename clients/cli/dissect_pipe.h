// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DISSECT_PIPE_H_
#define CLIENTS_CLI_DISSECT_PIPE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "clients/cli/interruption.h"
#include "clients/cli/pipe_input.h"
#include "clients/cli/scoped_fd.h"
#include "clients/cpp/response_stream.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "grpcpp/support/sync_stream.h"

namespace dissectd::cli {

// A call of DissectionService.DissectPipe. A thread sends what it reads from a
// pipe, while the caller takes the answers.
//
// Thread-compatible.
class DissectPipe final : public ResponseStream {
 public:
  // Starts the call. `input` is open for reading; `file_name` is its name
  // without folders.
  DissectPipe(const std::shared_ptr<grpc::Channel>& channel,
              const v1::DissectRequest& request, ScopedFd input,
              const std::string& file_name);
  // Cancels the call if it has not ended.
  ~DissectPipe() override;
  DissectPipe(const DissectPipe&) = delete;
  DissectPipe& operator=(const DissectPipe&) = delete;

  const v1::DissectResponse* Next() override;
  grpc::Status Finish() override;
  uint64_t bytes_received() const override { return bytes_received_; }

 private:
  // Sends the request, then the bytes of the pipe up to its end. Runs in the
  // thread.
  void Send(const v1::DissectPipeRequest& first);
  // Makes the thread end, and waits for that.
  void StopSending();

  const std::unique_ptr<v1::DissectionService::Stub> stub_;
  grpc::ClientContext context_;
  const OnInterrupt cancel_{[this] { context_.TryCancel(); }};
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::DissectPipeRequest, v1::DissectResponse>>
      call_;
  PipeInput input_;
  std::thread sender_;
  bool finished_ = false;
  uint64_t bytes_received_ = 0;
  v1::DissectResponse response_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DISSECT_PIPE_H_
