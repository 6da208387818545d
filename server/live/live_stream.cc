// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_stream.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/errors.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

// Returns the message with the reader's number of frames sent.
absl::StatusOr<grpc::ByteBuffer> WithTotal(const grpc::ByteBuffer& message,
                                           uint64_t frames_sent) {
  v1::DissectResponse response;
  const auto total = static_cast<uint32_t>(frames_sent);
  if (!response.ParseFromString(BytesOf(message))) {
    return errors::WorkerProtocolError();
  }
  if (response.has_progress()) {
    response.mutable_progress()->set_frames_sent(total);
  } else if (response.has_end()) {
    response.mutable_end()->set_frames_sent(total);
  }
  return SerializeMessage(response);
}

}  // namespace

std::vector<LiveReader*> LiveStream::readers() const {
  std::vector<LiveReader*> readers;
  readers.reserve(subscriptions_.size());
  for (const Subscription& subscription : subscriptions_) {
    readers.push_back(subscription.reader);
  }
  return readers;
}

void LiveStream::Add(LiveReader* reader) {
  subscriptions_.push_back(
      {reader,
       static_cast<int64_t>(reader->frames_sent()) - int64_t{frames_sent_}});
}

void LiveStream::Remove(const LiveReader* reader) {
  subscriptions_.erase(
      std::remove_if(subscriptions_.begin(), subscriptions_.end(),
                     [=](const Subscription& subscription) {
                       return subscription.reader == reader;
                     }),
      subscriptions_.end());
}

absl::Status LiveStream::Deliver(const ipc::StreamMessage& about,
                                 const grpc::ByteBuffer& message) {
  frames_sent_ = about.frames_sent;
  for (const Subscription& subscription : subscriptions_) {
    const auto total = static_cast<uint64_t>(int64_t{about.frames_sent} +
                                             subscription.frames_apart);
    grpc::ByteBuffer own = message;
    if (about.has_totals != 0 && subscription.frames_apart != 0) {
      ASSIGN_OR_RETURN(own, WithTotal(message, total));
    }
    subscription.reader->OnMessage(own, about.last_frame, total);
  }
  return absl::OkStatus();
}

void LiveStream::End(const std::optional<grpc::ByteBuffer>& last_message,
                     const absl::Status& status) {
  for (const Subscription& subscription : std::exchange(subscriptions_, {})) {
    subscription.reader->OnEnd(last_message, status);
  }
}

}  // namespace dissectd::server
