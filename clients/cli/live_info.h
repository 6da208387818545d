// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LIVE_INFO_H_
#define CLIENTS_CLI_LIVE_INFO_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/info_additions.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// What `-z proto,colinfo` adds to the frames of a capture while it runs.
//
// Thread-safe.
class LiveInfo final : public InfoSource {
 public:
  // Begins to watch the reports of a capture, given by its resource name.
  LiveInfo(const std::shared_ptr<grpc::Channel>& channel,
           const std::string& capture, const std::vector<std::string>& reports,
           const PrintOptions& print);
  // Ends watching.
  ~LiveInfo() override;
  LiveInfo(const LiveInfo&) = delete;
  LiveInfo& operator=(const LiveInfo&) = delete;

  // Waits until the reports are about this frame as well.
  std::string Of(uint32_t frame) const override;

  // Waits for the end of the capture. Returns the error of watching it.
  grpc::Status Finish();

 private:
  // Reads rounds until the last one.
  void Watch(const v1::WatchStatisticsRequest& request);

  const std::unique_ptr<v1::AnalysisService::Stub> stub_;
  grpc::ClientContext context_;
  std::thread watcher_;
  // The result of the thread.
  grpc::Status status_;

  mutable absl::Mutex mutex_;
  InfoAdditions additions_ ABSL_GUARDED_BY(mutex_);
  // The number of frames that the reports are about.
  uint32_t frames_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LIVE_INFO_H_
