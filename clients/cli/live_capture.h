// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LIVE_CAPTURE_H_
#define CLIENTS_CLI_LIVE_CAPTURE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// A capture that this process starts and stops.
//
// Thread-safe.
class LiveCapture {
 public:
  explicit LiveCapture(const std::shared_ptr<grpc::Channel>& channel);

  // What happens to the capture when this process is killed.
  enum class IfKilled { kGoesOn, kEndsSoon };

  // Starts the capture. Call it once; the other functions require that it
  // succeeded.
  grpc::Status Create(const v1::CaptureOptions& options, IfKilled if_killed);

  // Stops the capture, even while it is starting. Prints errors.
  void Interrupt();

  // Waits until the capture has ended. Calls the function with each new packet
  // count.
  grpc::Status Wait(const std::function<void(uint64_t packets)>& on_packets);

  // Stops the capture if it is running, and returns its final state.
  grpc::Status Stop(v1::Capture* capture);

  // Deletes the capture and its files. Call it only after Stop.
  grpc::Status Delete();

  // Returns the resource name of the capture; empty if it has not started.
  std::string name() const;

 private:
  const std::unique_ptr<v1::CaptureService::Stub> stub_;

  mutable absl::Mutex mu_;
  std::string name_ ABSL_GUARDED_BY(mu_);
  bool interrupted_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LIVE_CAPTURE_H_
