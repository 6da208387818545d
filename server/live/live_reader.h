// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_READER_H_
#define SERVER_LIVE_LIVE_READER_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/principal.h"

namespace dissectd::server {

class LiveWorker;

// A client of a live capture, as its worker sees it. Used on the loop's thread
// only. None of its methods calls the worker back before it returns, but for
// LiveWorker::ReadMore.
class LiveReader {
 public:
  virtual ~LiveReader() = default;

  // Who it is.
  virtual const Principal& principal() const = 0;

  // What it is to be sent from now on: after it has moved to another worker,
  // only what comes next.
  virtual const v1::DissectRequest& request() const = 0;

  // Whether it must have a worker of its own.
  virtual bool is_alone() const = 0;

  // Frames that it was sent, in all workers.
  virtual uint64_t frames_sent() const = 0;

  // Which worker serves it now, or will.
  virtual void OnWorker(std::shared_ptr<LiveWorker> worker) = 0;

  // Takes the stream's header; only the first one counts.
  virtual void OnHeader(const grpc::ByteBuffer& header) = 0;

  // Takes a message with which the client has all frames of its view up to
  // `last_frame`, `frames_sent` in all.
  virtual void OnMessage(const grpc::ByteBuffer& message, uint32_t last_frame,
                         uint64_t frames_sent) = 0;

  // Takes the end of the stream, after a last message if there is one.
  virtual void OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
                     const absl::Status& status) = 0;

  // The worker goes on without it, as it is too slow for the others, or it
  // can't serve it; it is to join another one.
  virtual void OnDropped(bool too_slow) = 0;

  // Whether it could send another message soon.
  virtual bool HasRoom() const = 0;

  // The bytes that wait for the client, but for the next message.
  virtual size_t backlog() const = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_READER_H_
