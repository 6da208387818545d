// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/state_source.h"

#include <atomic>
#include <chrono>

#include "server/base/steady_event.h"
#include "server/metrics/events.h"

namespace dissectd::server::metrics {
namespace {

// Prometheus waits for ten seconds by default.
constexpr std::chrono::seconds kLoopTimeout(3);

}  // namespace

bool RunOnLoop(IoLoop* loop, const std::function<void()>& task) {
  const auto done = std::make_shared<SteadyEvent>();
  const auto wanted = std::make_shared<std::atomic<bool>>(true);
  loop->Post([done, wanted, task] {
    if (!*wanted) return;
    task();
    done->Notify();
  });
  if (done->AwaitFor(kLoopTimeout)) return true;
  *wanted = false;
  Count(Event::kScrapeIncomplete);
  return false;
}

}  // namespace dissectd::server::metrics
