// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_TCP_ROUND_TRIP_H_
#define CORE_ANALYSIS_TCP_ROUND_TRIP_H_

#include <cstdint>
#include <map>
#include <optional>

namespace dissectd::engine {

// The bytes that one side of a TCP stream has sent and the other has not
// acknowledged, and when they were sent. Like Wireshark's graph of round-trip
// times, it has only segments with bytes, and bytes that are sent again keep
// their first time.
class TcpRoundTrip {
 public:
  // Adds a segment with its time in nanoseconds.
  void Send(uint32_t sequence, uint32_t length, int64_t time);

  // Removes the segments that end at a number or before. Returns the time of
  // the last one of them.
  std::optional<int64_t> Acknowledge(uint32_t number);

  // Removes the segments within a block. Returns the time of the last one.
  std::optional<int64_t> AcknowledgeBlock(uint32_t left, uint32_t right);

 private:
  struct Sent {
    int64_t end;
    int64_t time;
  };

  // Returns the number of a byte since the first one that was sent, although
  // sequence numbers wrap around.
  int64_t Position(uint32_t sequence) const {
    return last_position_ + static_cast<int32_t>(sequence - last_sequence_);
  }

  // Segments that were sent, by the positions of their first bytes.
  std::map<int64_t, Sent> sent_;
  uint32_t last_sequence_ = 0;
  int64_t last_position_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_TCP_ROUND_TRIP_H_
