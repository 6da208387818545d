// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_HEARTBEAT_H_
#define SERVER_ENGINE_HEARTBEAT_H_

#include <asio/io_context.hpp>
#include <chrono>

#include "absl/functional/any_invocable.h"
#include "server/base/timer.h"

namespace dissectd::server {

// Notices a process that answers no longer, for example because it was stopped
// by a signal: pings it at an interval, one ping at a time. Used on the loop's
// thread only.
class Heartbeat {
 public:
  struct Options {
    std::chrono::milliseconds interval{1000};
    // The number of intervals that an answer may take. Intervals are counted,
    // rather than time, as both processes may have been stopped meanwhile.
    int patience = 10;
    absl::AnyInvocable<void()> send_ping;
    // Called once, unless Stop is called before.
    absl::AnyInvocable<void()> on_silence;
  };

  // `context` is not owned and outlives this.
  Heartbeat(asio::io_context* context, Options options);
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  // Begins to ping. May be called again after Stop, or after the silence.
  void Start();
  void Stop() { timer_.Stop(); }

  // Records the answer to a ping.
  void OnAnswer() { unanswered_intervals_ = 0; }

 private:
  void Beat();

  Options options_;
  Timer timer_;
  // The number of intervals since the ping that has no answer; 0 if there is
  // none.
  int unanswered_intervals_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_HEARTBEAT_H_
