// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/live_capture.h"

#include <memory>

#include "server/base/steady_event.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Limits the number of programs that run for queries, regardless of the number
// of clients.
constexpr size_t kProgramsAtATime = 4;

}  // namespace

LiveCapture::LiveCapture(const Options& options, const Deps& deps)
    : loop_(deps.rpc.loop),
      keeps_(options.keeping.patience.count() > 0),
      runner_(&loop_->context(), kProgramsAtATime),
      dumpcap_(&runner_, options.dumpcap),
      extcap_(&loop_->context(), {options.extcap_folder, options.policy.extcap,
                                  options.extcap_launcher}),
      interfaces_(&dumpcap_, &extcap_),
      interface_watch_(&loop_->context(), &dumpcap_),
      filters_(&runner_, options.filter_compiler),
      captures_({loop_, deps.rpc.pool, &dumpcap_, &extcap_,
                 deps.files->root_fd(), options.store, options.policy,
                 options.max_captures, options.max_captures_per_caller,
                 deps.owners, deps.files, options.disk, options.keeping}),
      capture_statistics_(
          {loop_, deps.engine, {loop_, deps.rpc.pool, deps.files, &captures_}}),
      service_(deps.rpc, {&captures_, &interfaces_, &interface_watch_,
                          &filters_, &capture_statistics_, deps.access}) {
  loop_->Post([this] { extcap_.CheckAllowed(); });
}

void LiveCapture::Stop(std::chrono::seconds timeout, bool may_keep) {
  // Shared, as the captures may end after this function has returned.
  const auto ended = std::make_shared<SteadyEvent>();
  loop_->Post([this, ended, keep = keeps_ && may_keep] {
    interface_watch_.Stop();
    const auto done = [ended] { ended->Notify(); };
    keep ? captures_.LeaveAll(done) : captures_.StopAll(done);
  });
  if (!ended->AwaitFor(timeout)) {
    spdlog::error("timed out waiting for captures to stop");
  }
}

}  // namespace dissectd::server
