// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_STEADY_EVENT_H_
#define SERVER_BASE_STEADY_EVENT_H_

#include <atomic>
#include <chrono>
#include <future>

namespace dissectd::server {

// An event that happens once, and that can be awaited for a limited time.
// Setting the system's clock doesn't change that time, as it does for the waits
// of absl's Mutex and Notification, which last until a time of day.
// Thread-safe.
class SteadyEvent {
 public:
  // Only the first call has an effect.
  void Notify() {
    if (!notified_.exchange(true)) promise_.set_value();
  }

  // Returns whether the event has happened, at the latest after `timeout`.
  bool AwaitFor(std::chrono::nanoseconds timeout) const {
    return happened_.wait_for(timeout) == std::future_status::ready;
  }

 private:
  std::atomic<bool> notified_{false};
  std::promise<void> promise_;
  const std::shared_future<void> happened_ = promise_.get_future().share();
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_STEADY_EVENT_H_
