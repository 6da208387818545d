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

// A capture that this process starts and ends.
//
// Thread-safe.
class LiveCapture {
 public:
  explicit LiveCapture(const std::shared_ptr<grpc::Channel>& channel);

  // Starts it. Once; the other calls are for when that succeeded.
  grpc::Status Create(const v1::CaptureOptions& options);

  // Ends it, also if it is just being started. Tells the user of errors.
  void Interrupt();

  // Waits until it has ended. Tells how many packets there are as that changes.
  grpc::Status Wait(const std::function<void(uint64_t packets)>& on_packets);

  // Ends it if it has not ended, and returns it as it is then.
  grpc::Status Stop(v1::Capture* capture);

  // Deletes it with its files. Only after Stop.
  grpc::Status Delete();

  // Its resource name; empty if it hasn't started.
  std::string name() const;

 private:
  const std::unique_ptr<v1::CaptureService::Stub> stub_;

  mutable absl::Mutex mu_;
  std::string name_ ABSL_GUARDED_BY(mu_);
  bool interrupted_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LIVE_CAPTURE_H_
