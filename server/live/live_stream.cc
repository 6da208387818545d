// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_stream.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/errors.h"
#include "server/session_process.h"
#include "server/session_socket.h"

namespace dissectd {
namespace {

// The message, for one who was sent so many frames.
absl::StatusOr<grpc::ByteBuffer> WithTotal(const grpc::ByteBuffer& message,
                                           uint64_t frames_sent) {
  v1::DissectResponse response;
  const auto total = static_cast<uint32_t>(frames_sent);
  if (!response.ParseFromString(BytesOf(message))) {
    return errors::SessionProtocolError();
  }
  if (response.has_progress()) {
    response.mutable_progress()->set_frames_sent(total);
  } else if (response.has_end()) {
    response.mutable_end()->set_frames_sent(total);
  }
  return Serialize(response);
}

}  // namespace

std::vector<LiveReader*> LiveStream::readers() const {
  std::vector<LiveReader*> readers;
  readers.reserve(seats_.size());
  for (const Seat& seat : seats_) readers.push_back(seat.reader);
  return readers;
}

void LiveStream::Add(LiveReader* reader) {
  seats_.push_back({reader, static_cast<int64_t>(reader->frames_sent()) -
                                int64_t{frames_sent_}});
}

void LiveStream::Remove(const LiveReader* reader) {
  seats_.erase(
      std::remove_if(seats_.begin(), seats_.end(),
                     [=](const Seat& seat) { return seat.reader == reader; }),
      seats_.end());
}

absl::Status LiveStream::Deliver(const ipc::StreamMessage& about,
                                 const grpc::ByteBuffer& message) {
  frames_sent_ = about.frames_sent;
  for (const Seat& seat : seats_) {
    const auto total =
        static_cast<uint64_t>(int64_t{about.frames_sent} + seat.frames_apart);
    grpc::ByteBuffer own = message;
    if (about.has_totals != 0 && seat.frames_apart != 0) {
      ASSIGN_OR_RETURN(own, WithTotal(message, total));
    }
    seat.reader->OnMessage(own, about.last_frame, total);
  }
  return absl::OkStatus();
}

void LiveStream::End(const std::optional<grpc::ByteBuffer>& last_message,
                     const absl::Status& status) {
  for (const Seat& seat : std::exchange(seats_, {})) {
    seat.reader->OnEnd(last_message, status);
  }
}

}  // namespace dissectd
