// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/tcp_round_trip.h"

#include <iterator>

namespace dissectd::engine {

void TcpRoundTrip::Send(uint32_t sequence, uint32_t length, int64_t time) {
  if (length == 0) return;
  const int64_t begin = Position(sequence);
  last_sequence_ = sequence;
  last_position_ = begin;
  const auto after = sent_.upper_bound(begin);
  if (after != sent_.begin() && std::prev(after)->second.end > begin) return;
  sent_[begin] = {begin + length, time};
}

std::optional<int64_t> TcpRoundTrip::Acknowledge(uint32_t number) {
  const int64_t end = Position(number);
  std::optional<int64_t> time;
  while (!sent_.empty() && sent_.begin()->second.end <= end) {
    time = sent_.begin()->second.time;
    sent_.erase(sent_.begin());
  }
  return time;
}

std::optional<int64_t> TcpRoundTrip::AcknowledgeBlock(uint32_t left,
                                                      uint32_t right) {
  const int64_t end = Position(right);
  std::optional<int64_t> time;
  auto sent = sent_.lower_bound(Position(left));
  while (sent != sent_.end() && sent->second.end <= end) {
    time = sent->second.time;
    sent = sent_.erase(sent);
  }
  return time;
}

}  // namespace dissectd::engine
