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
#include "server/engine/worker_parent.h"

namespace dissectd::server {

class LiveWorker;

// A client of a live capture, from the view of its worker. Used on the loop's
// thread only. None of its methods calls the worker back before it returns,
// except LiveWorker::ReadMore.
class LiveReader {
 public:
  virtual ~LiveReader() = default;

  // The principal of the client.
  virtual const Principal& principal() const = 0;

  // The engine that the request chooses by its id. Outlives the client.
  virtual WorkerParent* engine() const = 0;

  // The request for what the client needs from now on: after a move to another
  // worker, only the frames that it doesn't have yet.
  virtual const v1::DissectRequest& request() const = 0;

  // Whether the client must have a separate worker.
  virtual bool is_alone() const = 0;

  // The number of frames that the client got from all workers.
  virtual uint64_t frames_sent() const = 0;

  // Called with the worker that serves the client from now on.
  virtual void OnWorker(std::shared_ptr<LiveWorker> worker) = 0;

  // Called with the stream's header; only the first one is used.
  virtual void OnHeader(const grpc::ByteBuffer& header) = 0;

  // Called with a message after which the client has all frames of its view up
  // to `last_frame`, `frames_sent` in total.
  virtual void OnMessage(const grpc::ByteBuffer& message, uint32_t last_frame,
                         uint64_t frames_sent) = 0;

  // Called at the end of the stream, after a last message if there is one.
  virtual void OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
                     const absl::Status& status) = 0;

  // Called when the worker drops the client, because it is too slow for the
  // others or can't be served. The client should join another worker.
  virtual void OnDropped(bool too_slow) = 0;

  // Whether the client could take another message soon.
  virtual bool HasRoom() const = 0;

  // The number of bytes that wait for the client, without the next message.
  virtual size_t backlog() const = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_READER_H_
