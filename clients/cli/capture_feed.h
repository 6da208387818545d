// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_FEED_H_
#define CLIENTS_CLI_CAPTURE_FEED_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "clients/cli/pipe_input.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {

// Sends the packets of a capture, in a thread, from a pipe of this machine.
//
// Thread-compatible.
class CaptureFeed {
 public:
  explicit CaptureFeed(const std::shared_ptr<grpc::Channel>& channel);
  // Ends the call.
  ~CaptureFeed();
  CaptureFeed(const CaptureFeed&) = delete;
  CaptureFeed& operator=(const CaptureFeed&) = delete;

  // Opens the pipe; `-` is standard input. Doesn't wait for a writer. Returns
  // FAILED_PRECONDITION with tshark's message if that fails.
  absl::Status Open(const std::string& path);

  // Starts to send to the capture with this resource name if a pipe is open.
  // Prints errors, and calls `on_error` after one.
  void Start(const std::string& capture, std::function<void()> on_error);

  // Stops sending. Call it once the capture has ended.
  void Stop();

 private:
  // Sends everything. Runs in the thread.
  void Send(const std::string& capture, const std::function<void()>& on_error);

  const std::unique_ptr<v1::CaptureService::Stub> stub_;
  grpc::ClientContext context_;
  std::optional<PipeInput> input_;
  std::thread thread_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_FEED_H_
