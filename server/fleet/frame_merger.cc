// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/frame_merger.h"

#include <algorithm>
#include <utility>

namespace dissectd::server {

void FrameMerger::Close(StreamId stream) {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  found->second.is_open = false;
  if (found->second.messages.empty()) streams_.erase(found);
}

void FrameMerger::Push(StreamId id, Message message, Clock::time_point now) {
  Stream& stream = streams_[id];
  stream.bytes += message.bytes.Length();
  stream.messages.push_back({std::move(message), now});
}

bool FrameMerger::IsFull(StreamId stream) const {
  const auto found = streams_.find(stream);
  return found != streams_.end() && found->second.bytes >= max_bytes_;
}

FrameMerger::Streams::iterator FrameMerger::Earliest() {
  auto earliest = streams_.end();
  absl::Time earliest_time = absl::InfiniteFuture();
  for (auto it = streams_.begin(); it != streams_.end(); ++it) {
    if (it->second.messages.empty()) continue;
    const std::optional<absl::Time>& time =
        it->second.messages.front().message.time;
    if (!time.has_value()) return it;
    if (earliest == streams_.end() || *time < earliest_time) {
      earliest = it;
      earliest_time = *time;
    }
  }
  return earliest;
}

bool FrameMerger::MayPass(const Stream& earliest, Clock::time_point now) const {
  const Message& message = earliest.messages.front().message;
  if (!message.time.has_value() || *message.time < latest_) return true;
  bool all_have_messages = true;
  for (const auto& [id, stream] : streams_) {
    if (stream.messages.empty()) {
      all_have_messages = all_have_messages && !stream.is_open;
      continue;
    }
    // Whatever lets another message pass lets those before it pass, too.
    if (stream.bytes >= max_bytes_ ||
        now - stream.messages.front().arrival >= window_) {
      return true;
    }
  }
  return all_have_messages;
}

std::optional<FrameMerger::Next> FrameMerger::Pop(Clock::time_point now) {
  const auto earliest = Earliest();
  if (earliest == streams_.end() || !MayPass(earliest->second, now)) {
    return std::nullopt;
  }
  Stream& stream = earliest->second;
  Next next = {earliest->first, std::move(stream.messages.front().message)};
  stream.messages.pop_front();
  stream.bytes -= next.message.bytes.Length();
  if (next.message.time.has_value()) {
    next.message.late = *next.message.time < latest_;
    latest_ = std::max(latest_, *next.message.time);
  }
  if (stream.messages.empty() && !stream.is_open) streams_.erase(earliest);
  return next;
}

std::optional<FrameMerger::Clock::time_point> FrameMerger::NextExpiry() const {
  std::optional<Clock::time_point> next;
  for (const auto& [id, stream] : streams_) {
    if (stream.messages.empty()) continue;
    const Clock::time_point expiry = stream.messages.front().arrival + window_;
    next = next.has_value() ? std::min(*next, expiry) : expiry;
  }
  return next;
}

}  // namespace dissectd::server
