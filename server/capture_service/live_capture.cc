// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/live_capture.h"

#include <memory>

#include "absl/synchronization/notification.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Of those that are asked something: many clients must not mean many processes.
constexpr size_t kProgramsAtATime = 4;

}  // namespace

LiveCapture::LiveCapture(const Options& options, const Deps& deps)
    : loop_(deps.rpc.loop),
      runner_(&loop_->context(), kProgramsAtATime),
      dumpcap_(&runner_, options.dumpcap),
      interfaces_(&dumpcap_),
      statistics_(&loop_->context(), &dumpcap_),
      filters_(&runner_, options.filter_compiler),
      captures_({loop_, deps.rpc.pool, &dumpcap_, deps.files->root_fd(),
                 options.store, options.policy, options.max_captures}),
      rates_(
          {loop_, deps.engine, {loop_, deps.rpc.pool, deps.files, &captures_}}),
      service_(deps.rpc,
               {&captures_, &interfaces_, &statistics_, &filters_, &rates_}) {}

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

}  // namespace dissectd::server
