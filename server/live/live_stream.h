// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_STREAM_H_
#define SERVER_LIVE_LIVE_STREAM_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/ipc/protocol.h"
#include "server/live/live_reader.h"

namespace dissectd::server {

// A stream of a live worker, with its readers.
class LiveStream {
 public:
  // `key` is its StreamKey, `filter` its display filter.
  LiveStream(ipc::StreamNumber number, std::string key, std::string filter)
      : number_(number), key_(std::move(key)), filter_(std::move(filter)) {}

  ipc::StreamNumber number() const { return number_; }
  const std::string& key() const { return key_; }
  const std::string& filter() const { return filter_; }
  bool empty() const { return subscriptions_.empty(); }

  // Returns the readers in the order in which they joined.
  std::vector<LiveReader*> readers() const;

  // Adds a reader, which gets all further messages.
  void Add(LiveReader* reader);
  void Remove(const LiveReader* reader);

  // Passes a message of the stream to all readers. Errors:
  // WORKER_PROTOCOL_ERROR.
  absl::Status Deliver(const ipc::StreamMessage& about,
                       const grpc::ByteBuffer& message);

  // Ends the stream for all readers and removes them.
  void End(const std::optional<grpc::ByteBuffer>& last_message,
           const absl::Status& status);

 private:
  struct Subscription {
    LiveReader* reader;
    // Added to the stream's number of frames sent, to get the reader's.
    int64_t frames_apart;
  };

  ipc::StreamNumber number_;
  std::string key_;
  std::string filter_;
  std::vector<Subscription> subscriptions_;
  uint32_t frames_sent_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_STREAM_H_
