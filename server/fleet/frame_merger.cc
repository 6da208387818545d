// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/frame_merger.h"

#include <algorithm>
#include <utility>

namespace dissectd::server {

void FrameMerger::Enter(StreamId id, const Stream& stream) {
  if (IsFull(stream)) ++full_;
  if (stream.messages.empty()) {
    if (stream.is_open) ++silent_;
    return;
  }
  const Waiting& first = stream.messages.front();
  by_time_.emplace(first.message.time.value_or(absl::InfinitePast()), id);
  by_arrival_.emplace(first.arrival, id);
}

void FrameMerger::Leave(StreamId id, const Stream& stream) {
  if (IsFull(stream)) --full_;
  if (stream.messages.empty()) {
    if (stream.is_open) --silent_;
    return;
  }
  const Waiting& first = stream.messages.front();
  by_time_.erase({first.message.time.value_or(absl::InfinitePast()), id});
  by_arrival_.erase({first.arrival, id});
}

void FrameMerger::Open(StreamId id) {
  Stream& stream = streams_[id];
  stream.is_open = true;
  Enter(id, stream);
}

void FrameMerger::Close(StreamId id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  Stream& stream = found->second;
  Leave(id, stream);
  stream.is_open = false;
  Enter(id, stream);
  if (stream.messages.empty()) streams_.erase(found);
}

void FrameMerger::Push(StreamId id, Message message, Clock::time_point now) {
  const auto [found, is_new] = streams_.try_emplace(id);
  Stream& stream = found->second;
  if (!is_new) Leave(id, stream);
  const size_t size = message.bytes.Length();
  stream.bytes += size;
  bytes_ += size;
  stream.messages.push_back({std::move(message), now});
  Enter(id, stream);
}

bool FrameMerger::IsFull(StreamId stream) const {
  const auto found = streams_.find(stream);
  return found != streams_.end() && IsFull(found->second);
}

bool FrameMerger::MayPass(const Message& earliest,
                          Clock::time_point now) const {
  if (!earliest.time.has_value() || *earliest.time < latest_) return true;
  // Whatever lets another message pass lets those before it pass, too.
  return silent_ == 0 || full_ > 0 ||
         now - by_arrival_.begin()->first >= window_;
}

std::optional<FrameMerger::Next> FrameMerger::Pop(Clock::time_point now) {
  if (by_time_.empty()) return std::nullopt;
  const auto found = streams_.find(by_time_.begin()->second);
  const StreamId id = found->first;
  Stream& stream = found->second;
  if (!MayPass(stream.messages.front().message, now)) return std::nullopt;
  Leave(id, stream);
  Next next = {id, std::move(stream.messages.front().message)};
  stream.messages.pop_front();
  const size_t size = next.message.bytes.Length();
  stream.bytes -= size;
  bytes_ -= size;
  Enter(id, stream);
  if (next.message.time.has_value()) {
    next.message.late = *next.message.time < latest_;
    latest_ = std::max(latest_, *next.message.time);
  }
  if (stream.messages.empty() && !stream.is_open) streams_.erase(found);
  return next;
}

std::optional<FrameMerger::Clock::time_point> FrameMerger::NextExpiry() const {
  if (by_arrival_.empty()) return std::nullopt;
  return by_arrival_.begin()->first + window_;
}

}  // namespace dissectd::server
