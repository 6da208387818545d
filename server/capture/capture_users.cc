// SPDX-License-Identifier: GPL-2.0-or-later

// What Capture has to do with the clients that use it.

#include <chrono>
#include <utility>

#include "server/capture/capture.h"
#include "server/capture/capture_options.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {
namespace {

// How long a client has to begin to send packets.
constexpr std::chrono::seconds kClientDeadline(60);

}  // namespace

void Capture::AwaitClient() {
  client_timer_.Start(kClientDeadline, [self = weak_from_this()] {
    const auto capture = self.lock();
    if (capture != nullptr) capture->Stop(v1::STOP_REASON_IDLE);
  });
}

absl::StatusOr<std::shared_ptr<PacketPipe>> Capture::TakePipe(
    const Principal& principal) {
  thread_.AssertOnThread();
  const std::string& name = description().name();
  if (ClientInterface(description().options()) == nullptr) {
    return errors::CaptureNotFed(name, "gets no packets from clients");
  }
  if (history_.creator() != principal) {
    return errors::CaptureNotFed(name, "belongs to another client");
  }
  if (has_ended()) return errors::CaptureNotFed(name, "has ended");
  if (std::exchange(pipe_taken_, true)) return errors::CaptureFed(name);
  client_timer_.Stop();
  return pipe_;
}

void Capture::SetIdleTimeout(std::chrono::nanoseconds timeout) {
  idle_timeout_ = timeout;
  AwaitIdleness();
}

void Capture::BeginUse() {
  ++uses_;
  idle_timer_.Stop();
}

void Capture::EndUse() {
  --uses_;
  AwaitIdleness();
}

void Capture::AwaitIdleness() {
  thread_.AssertOnThread();
  if (idle_timeout_.count() == 0 || uses_ != 0 || has_ended() || is_left()) {
    return;
  }
  idle_timer_.Start(idle_timeout_, [self = weak_from_this()] {
    const auto capture = self.lock();
    if (capture != nullptr) capture->Stop(v1::STOP_REASON_IDLE);
  });
}

}  // namespace dissectd::server
