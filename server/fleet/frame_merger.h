// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FRAME_MERGER_H_
#define SERVER_FLEET_FRAME_MERGER_H_

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/time/time.h"

namespace dissectd::server {

// Merges the messages of several streams into the order of their times. Keeps a
// bounded number of bytes of each stream, if it gets no message for one that is
// full. The work for a message grows with the logarithm of the number of
// streams. Thread-compatible.
class FrameMerger {
 public:
  using Clock = std::chrono::steady_clock;
  using StreamId = uint32_t;

  struct Message {
    grpc::ByteBuffer bytes;
    // Absent for messages that come as soon as those before them in their
    // stream.
    std::optional<absl::Time> time;
    // What the owner wants to know about it later.
    size_t tag = 0;
    // Set by Pop: whether a message before this one has a later time.
    bool late = false;
  };
  struct Next {
    StreamId stream;
    Message message;
  };

  // A message waits for earlier ones of other streams for at most `window`, and
  // shorter if its stream has `max_bytes`.
  FrameMerger(Clock::duration window, size_t max_bytes)
      : window_(window), max_bytes_(max_bytes) {}

  // Adds a new stream, whose messages others wait for until it is closed.
  void Open(StreamId stream);
  // The stream's messages stay.
  void Close(StreamId stream);

  // Adds a message of an open stream, which has arrived at `now`.
  void Push(StreamId stream, Message message, Clock::time_point now);

  // Whether the stream should get no more messages until some are taken.
  bool IsFull(StreamId stream) const;

  // Removes the next message. Nothing if there is none, or all wait.
  std::optional<Next> Pop(Clock::time_point now);

  // Returns when a message that waits has waited enough; nothing if there are
  // no messages.
  std::optional<Clock::time_point> NextExpiry() const;

  bool empty() const { return streams_.empty(); }

  // Returns the number of bytes that it keeps now, and of streams that are open
  // or have messages, each of which may have `max_bytes`.
  size_t bytes() const { return bytes_; }
  size_t CountStreams() const { return streams_.size(); }

 private:
  struct Waiting {
    Message message;
    Clock::time_point arrival;
  };
  struct Stream {
    std::deque<Waiting> messages;
    size_t bytes = 0;
    bool is_open = false;
  };
  using Streams = std::map<StreamId, Stream>;

  // Puts a stream into the orders below, and takes it out, around each change
  // of its first message.
  void Enter(StreamId id, const Stream& stream);
  void Leave(StreamId id, const Stream& stream);
  bool IsFull(const Stream& stream) const { return stream.bytes >= max_bytes_; }
  // Whether nothing can come before the earliest message, or it can't wait.
  bool MayPass(const Message& earliest, Clock::time_point now) const;

  const Clock::duration window_;
  const size_t max_bytes_;
  Streams streams_;
  size_t bytes_ = 0;
  // The streams that have messages by the time of the first, which is in the
  // past if it has none, and by its arrival.
  std::set<std::pair<absl::Time, StreamId>> by_time_;
  std::set<std::pair<Clock::time_point, StreamId>> by_arrival_;
  // The number of streams that are full, and that are open but have no message.
  size_t full_ = 0;
  size_t silent_ = 0;
  // The latest time of all messages that were taken.
  absl::Time latest_ = absl::InfinitePast();
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FRAME_MERGER_H_
