// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_session.h"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/live/live_request.h"

namespace dissectd {
namespace {

// Takes a value from the beginning of a payload; the rest is not copied.
template <typename T>
absl::Status Split(const grpc::ByteBuffer& payload, T* value,
                   grpc::ByteBuffer* rest) {
  grpc::Slice slice;
  if (!payload.DumpToSingleSlice(&slice).ok() || slice.size() < sizeof(T)) {
    return errors::SessionProtocolError();
  }
  std::memcpy(value, slice.begin(), sizeof(T));
  const grpc::Slice after = slice.sub(sizeof(T), slice.size());
  *rest = grpc::ByteBuffer(&after, 1);
  return absl::OkStatus();
}

}  // namespace

LiveSession::LiveSession(const Parts& parts, Events events,
                         std::shared_ptr<LiveFeed> feed)
    : parts_(parts),
      events_(std::move(events)),
      feed_(std::move(feed)),
      patience_(parts.loop->context()) {}

absl::StatusOr<std::shared_ptr<LiveSession>> LiveSession::Start(
    const Parts& parts, const std::string& capture, Events events,
    LiveReader* reader) {
  ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(parts.feed, capture));
  // Not make_shared: the constructor is private.
  std::shared_ptr<LiveSession> session(
      new LiveSession(parts, std::move(events), std::move(feed)));
  session->alone_ = reader->is_alone();
  session->newcomers_.push_back(reader);
  reader->OnSession(session);
  // Later, when the session is known.
  parts.loop->Post([session] {
    session->feed_->OpenFirst([session](absl::StatusOr<LiveFeed::File> file) {
      session->OnFirstFile(std::move(file));
    });
  });
  return session;
}

absl::StatusOr<uint32_t> LiveSession::FramesSoFar(const Parts& parts,
                                                  const std::string& capture) {
  ASSIGN_OR_RETURN(const std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(parts.feed, capture));
  return feed->frames_so_far();
}

void LiveSession::OnFirstFile(absl::StatusOr<LiveFeed::File> file) {
  if (closed_) return;
  absl::Status status = file.status();
  if (status.ok()) status = StartProcess(*std::move(file));
  if (!status.ok()) EndAll(std::nullopt, status);
}

absl::Status LiveSession::StartProcess(LiveFeed::File file) {
  ASSIGN_OR_RETURN(
      process_,
      SessionProcess::Start(parts_.loop, parts_.host, std::move(file.fd),
                            [self = shared_from_this()](const SessionEnd& end) {
                              self->OnProcessEnded(end);
                            }));
  start_ = position();
  LiveReader* first = newcomers_.front();
  newcomers_.erase(newcomers_.begin());
  SessionSocket* socket = process_->socket();
  socket->Send(ipc::FrameKind::kCaptureName, file.name);
  socket->Send(ipc::FrameKind::kFollow, FollowPayload(first->request()));
  socket->Send(ipc::FrameKind::kLiveFile, file.Payload());
  ipc::AddStream begin = {};
  begin.origin = ipc::StreamOrigin::kBeginning;
  AddToStream(first, begin);
  ReadMore();
  return absl::OkStatus();
}

void LiveSession::ReadMore() {
  if (reading_ || channel_closed_ || closed_ || process_ == nullptr) return;
  if (!handing_over_ && !AnyHasRoom()) return;
  reading_ = true;
  process_->socket()->Read(
      [self = shared_from_this()](SessionSocket::ReadResult result,
                                  const SessionSocket::Frame& frame) {
        self->OnRead(result, frame);
      });
}

void LiveSession::OnRead(SessionSocket::ReadResult result,
                         const SessionSocket::Frame& frame) {
  reading_ = false;
  if (result == SessionSocket::ReadResult::kClosed) {
    channel_closed_ = true;
    return EndIfSilent();
  }
  const absl::Status status = result == SessionSocket::ReadResult::kFrame
                                  ? OnFrame(frame)
                                  : errors::SessionProtocolError();
  if (!status.ok()) EndAll(std::nullopt, status);
  ReadMore();
}

absl::Status LiveSession::OnFrame(const SessionSocket::Frame& frame) {
  switch (frame.kind) {
    case ipc::FrameKind::kStreamMessage:
      return OnStreamMessage(frame.payload);
    case ipc::FrameKind::kStreamEnded:
      return OnStreamEnded(frame.payload);
    case ipc::FrameKind::kStreamExpelled:
      return OnStreamExpelled(frame.payload);
    case ipc::FrameKind::kStreamStates:
      return OnStates(frame.payload);
    case ipc::FrameKind::kLiveWant:
      RETURN_IF_ERROR(feed_->TakeWant(BytesOf(frame.payload)));
      asking_ = true;
      Wait();
      return absl::OkStatus();
    case ipc::FrameKind::kStatus:
      EndAll(std::nullopt, StatusFromSession(BytesOf(frame.payload)));
      return absl::OkStatus();
    default:
      return errors::SessionProtocolError();
  }
}

absl::Status LiveSession::OnStreamMessage(const grpc::ByteBuffer& payload) {
  ipc::StreamMessage about = {};
  grpc::ByteBuffer message;
  RETURN_IF_ERROR(Split(payload, &about, &message));
  if (about.stream == 0) {
    header_ = message;
    for (LiveStream& stream : streams_) {
      for (LiveReader* reader : stream.readers()) reader->OnHeader(header_);
    }
    return absl::OkStatus();
  }
  for (LiveStream& stream : streams_) {
    if (stream.number() != about.stream) continue;
    RETURN_IF_ERROR(stream.Deliver(about, message));
    break;
  }
  DropSlowReaders();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LiveStream>> LiveSession::TakeStream(
    const grpc::ByteBuffer& payload, grpc::ByteBuffer* rest) {
  ipc::StreamNumber number = 0;
  RETURN_IF_ERROR(Split(payload, &number, rest));
  const auto found = std::find_if(
      streams_.begin(), streams_.end(),
      [=](const LiveStream& stream) { return stream.number() == number; });
  if (found == streams_.end()) return std::nullopt;
  std::optional<LiveStream> taken = std::move(*found);
  streams_.erase(found);
  return taken;
}

absl::Status LiveSession::OnStreamEnded(const grpc::ByteBuffer& payload) {
  grpc::ByteBuffer details;
  ASSIGN_OR_RETURN(std::optional<LiveStream> ended,
                   TakeStream(payload, &details));
  if (ended.has_value()) {
    ended->End(std::nullopt, StatusFromSession(BytesOf(details)));
  }
  CloseIfUnused();
  return absl::OkStatus();
}

absl::Status LiveSession::OnStreamExpelled(const grpc::ByteBuffer& payload) {
  grpc::ByteBuffer nothing;
  ASSIGN_OR_RETURN(const std::optional<LiveStream> expelled,
                   TakeStream(payload, &nothing));
  if (expelled.has_value()) {
    for (LiveReader* reader : expelled->readers()) {
      reader->OnDropped(/*too_slow=*/true);
    }
  }
  CloseIfUnused();
  return absl::OkStatus();
}

void LiveSession::OnProcessEnded(const SessionEnd& end) {
  process_end_ = end;
  GiveUpHandOver();
  // A session that was never forked has no end of the channel to close.
  if (!HadProcess(end)) channel_closed_ = true;
  EndIfSilent();
}

void LiveSession::EndIfSilent() {
  if (closed_ || !channel_closed_ || !process_end_.has_value()) return;
  const SessionProcess::Place place = process_->LastPlace();
  std::optional<grpc::ByteBuffer> crash;
  if (HadProcess(*process_end_)) crash = CrashMessage(*process_end_, place);
  EndAll(crash, SilentEndError(*process_end_, place));
}

void LiveSession::Wait() {
  if (!is_waiting()) return;
  AdmitNewcomers();
  if (is_waiting()) events_.on_waiting(this);
}

void LiveSession::Resume(uint64_t stop) {
  for (const LiveReader* reader : newcomers_) {
    const uint64_t place = FirstFrame(reader->request()) - 1;
    if (stop == 0 || place < stop) stop = place;
  }
  feed_->StopAt(stop);
  feed_->Answer(process_->socket(),
                [weak = weak_from_this()](const absl::Status& status) {
                  const auto self = weak.lock();
                  if (self == nullptr) return;
                  self->asking_ = false;
                  if (status.ok()) return;
                  self->EndAll(std::nullopt, status);
                });
}

void LiveSession::CloseIfUnused() {
  if (streams_.empty() && newcomers_.empty()) Close();
}

void LiveSession::EndAll(const std::optional<grpc::ByteBuffer>& last_message,
                         const absl::Status& status) {
  std::vector<LiveStream> streams = std::exchange(streams_, {});
  std::vector<LiveReader*> newcomers = std::exchange(newcomers_, {});
  // Before others join, who could be admitted.
  const bool started = process_ != nullptr;
  Close();
  for (LiveStream& stream : streams) stream.End(last_message, status);
  for (LiveReader* reader : newcomers) {
    if (started) {
      reader->OnDropped(/*too_slow=*/false);
    } else {
      reader->OnEnd(std::nullopt, status);
    }
  }
}

void LiveSession::Close() {
  if (std::exchange(closed_, true)) return;
  GiveUpHandOver();
  feed_->Close();
  if (process_ != nullptr) {
    process_->socket()->Close();
    if (!process_end_.has_value()) process_->Kill();
  }
  events_.on_closed(this);
}

}  // namespace dissectd
