// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_TIMER_H_
#define SERVER_BASE_TIMER_H_

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"

namespace dissectd::server {

// Calls a function after some time, on the thread that runs the context, and
// never after it was stopped. asio's own timers may still call theirs then, if
// they had expired before.
class Timer {
 public:
  using Clock = std::chrono::steady_clock;

  // `context` is not owned and outlives this.
  explicit Timer(asio::io_context& context) : timer_(context) {}
  ~Timer() { Stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Starts the timer, again if it runs. `expired` may destroy it.
  void Start(Clock::duration time, absl::AnyInvocable<void()> expired) {
    StartAt(Clock::now() + time, std::move(expired));
  }
  void StartAt(Clock::time_point time, absl::AnyInvocable<void()> expired) {
    timer_.expires_at(time);
    timer_.async_wait(
        [start = ++*last_start_, last_start = last_start_,
         expired = std::move(expired)](const asio::error_code& error) mutable {
          if (!error && *last_start == start) expired();
        });
  }

  void Stop() {
    ++*last_start_;
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  // The number of the last start or stop, for functions that wait to be called.
  const std::shared_ptr<std::atomic<uint64_t>> last_start_ =
      std::make_shared<std::atomic<uint64_t>>(0);
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_TIMER_H_
