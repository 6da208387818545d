// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/heartbeat.h"

#include <utility>

namespace dissectd::server {

Heartbeat::Heartbeat(asio::io_context* context, Options options)
    : options_(std::move(options)), timer_(*context) {}

void Heartbeat::Start() {
  unanswered_intervals_ = 0;
  Beat();
}

void Heartbeat::Beat() {
  if (unanswered_intervals_ == options_.patience) return options_.on_silence();
  if (unanswered_intervals_++ == 0) options_.send_ping();
  timer_.Start(options_.interval, [this] { Beat(); });
}

}  // namespace dissectd::server
