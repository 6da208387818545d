// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/live_capture.h"

#include <memory>

#include "absl/synchronization/notification.h"
#include "spdlog/spdlog.h"

namespace dissectd {

LiveCapture::LiveCapture(const Options& options, const FileStore& files,
                         IoLoop* loop, asio::thread_pool* pool, CallGate* gate)
    : loop_(loop),
      dumpcap_(&loop->context(), options.dumpcap),
      interfaces_(&dumpcap_),
      statistics_(&loop->context(), &dumpcap_),
      filters_(&loop->context(), options.filter_compiler),
      captures_({loop, pool, &dumpcap_, files.root_fd(), options.store,
                 options.policy, options.max_captures}),
      service_(
          {loop, gate, &captures_, &interfaces_, &statistics_, &filters_}) {}

void LiveCapture::Stop(absl::Duration timeout) {
  // Of its own, as it may come too late.
  const auto ended = std::make_shared<absl::Notification>();
  loop_->Post([this, ended] {
    statistics_.Stop();
    captures_.StopAll([ended] { ended->Notify(); });
  });
  if (!ended->WaitForNotificationWithTimeout(timeout)) {
    spdlog::error("captures don't end; leaving them");
  }
}

}  // namespace dissectd
