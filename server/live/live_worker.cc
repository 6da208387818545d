// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_worker.h"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/live/live_request.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// Takes a value from the beginning of a payload; the rest is not copied.
template <typename T>
absl::Status Split(const grpc::ByteBuffer& payload, T* value,
                   grpc::ByteBuffer* rest) {
  grpc::Slice slice;
  if (!payload.DumpToSingleSlice(&slice).ok() || slice.size() < sizeof(T)) {
    return errors::WorkerProtocolError();
  }
  std::memcpy(value, slice.begin(), sizeof(T));
  const grpc::Slice after = slice.sub(sizeof(T), slice.size());
  *rest = grpc::ByteBuffer(&after, 1);
  return absl::OkStatus();
}

}  // namespace

LiveWorker::LiveWorker(const Deps& deps, Events events,
                       std::shared_ptr<LiveFeed> feed)
    : deps_(deps),
      events_(std::move(events)),
      feed_(std::move(feed)),
      patience_(deps.loop->context()) {}

absl::StatusOr<std::shared_ptr<LiveWorker>> LiveWorker::Start(
    const Deps& deps, const std::string& capture, Events events,
    LiveReader* reader) {
  ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(deps.feed, capture));
  // Not make_shared: the constructor is private.
  std::shared_ptr<LiveWorker> worker(
      new LiveWorker(deps, std::move(events), std::move(feed)));
  worker->alone_ = reader->is_alone();
  worker->pending_readers_.push_back(reader);
  reader->OnWorker(worker);
  // Later, when the worker is known.
  deps.loop->Post([worker] {
    worker->feed_->OpenFirst([worker](absl::StatusOr<LiveFeed::File> file) {
      worker->OnFirstFile(std::move(file));
    });
  });
  return worker;
}

absl::StatusOr<uint32_t> LiveWorker::FramesSoFar(const Deps& deps,
                                                 const std::string& capture) {
  ASSIGN_OR_RETURN(const std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(deps.feed, capture));
  return feed->frames_so_far();
}

void LiveWorker::OnFirstFile(absl::StatusOr<LiveFeed::File> file) {
  if (closed_) return;
  absl::Status status = file.status();
  if (status.ok()) status = StartProcess(*std::move(file));
  if (!status.ok()) EndAll(std::nullopt, status);
}

absl::Status LiveWorker::StartProcess(LiveFeed::File file) {
  ASSIGN_OR_RETURN(
      process_,
      WorkerProcess::Start(deps_.loop, deps_.engine, std::move(file.fd),
                           [self = shared_from_this()](const WorkerEnd& end) {
                             self->OnProcessEnded(end);
                           }));
  start_ = position();
  LiveReader* first = pending_readers_.front();
  pending_readers_.erase(pending_readers_.begin());
  WorkerSocket* socket = process_->socket();
  socket->Send(ipc::MessageType::kCaptureName, file.name);
  socket->Send(ipc::MessageType::kFollow, FollowPayload(first->request()));
  socket->Send(ipc::MessageType::kLiveFile, file.Payload());
  ipc::AddStream begin = {};
  begin.origin = ipc::StreamOrigin::kBeginning;
  AddToStream(first, begin);
  ReadMore();
  return absl::OkStatus();
}

void LiveWorker::ReadMore() {
  if (reading_ || channel_closed_ || closed_ || process_ == nullptr) return;
  if (!handing_over_ && !AnyHasRoom()) return;
  reading_ = true;
  process_->socket()->Read(
      [self = shared_from_this()](WorkerSocket::ReadResult result,
                                  const WorkerSocket::Message& frame) {
        self->OnRead(result, frame);
      });
}

void LiveWorker::OnRead(WorkerSocket::ReadResult result,
                        const WorkerSocket::Message& frame) {
  reading_ = false;
  if (result == WorkerSocket::ReadResult::kClosed) {
    channel_closed_ = true;
    return EndIfSilent();
  }
  const absl::Status status = result == WorkerSocket::ReadResult::kMessage
                                  ? OnFrame(frame)
                                  : errors::WorkerProtocolError();
  if (!status.ok()) EndAll(std::nullopt, status);
  ReadMore();
}

absl::Status LiveWorker::OnFrame(const WorkerSocket::Message& frame) {
  switch (frame.kind) {
    case ipc::MessageType::kStreamMessage:
      return OnStreamMessage(frame.payload);
    case ipc::MessageType::kStreamEnded:
      return OnStreamEnded(frame.payload);
    case ipc::MessageType::kStreamExpelled:
      return OnStreamExpelled(frame.payload);
    case ipc::MessageType::kStreamStates:
      return OnStates(frame.payload);
    case ipc::MessageType::kReadRequest:
      RETURN_IF_ERROR(feed_->TakeWant(BytesOf(frame.payload)));
      asking_ = true;
      Wait();
      return absl::OkStatus();
    case ipc::MessageType::kStatus:
      EndAll(std::nullopt, StatusFromWorker(BytesOf(frame.payload)));
      return absl::OkStatus();
    default:
      return errors::WorkerProtocolError();
  }
}

absl::Status LiveWorker::OnStreamMessage(const grpc::ByteBuffer& payload) {
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

absl::StatusOr<std::optional<LiveStream>> LiveWorker::TakeStream(
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

absl::Status LiveWorker::OnStreamEnded(const grpc::ByteBuffer& payload) {
  grpc::ByteBuffer details;
  ASSIGN_OR_RETURN(std::optional<LiveStream> ended,
                   TakeStream(payload, &details));
  if (ended.has_value()) {
    ended->End(std::nullopt, StatusFromWorker(BytesOf(details)));
  }
  CloseIfUnused();
  return absl::OkStatus();
}

absl::Status LiveWorker::OnStreamExpelled(const grpc::ByteBuffer& payload) {
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

void LiveWorker::OnProcessEnded(const WorkerEnd& end) {
  process_end_ = end;
  GiveUpHandOver();
  // A worker that was never forked has no end of the channel to close.
  if (!HadProcess(end)) channel_closed_ = true;
  EndIfSilent();
}

void LiveWorker::EndIfSilent() {
  if (closed_ || !channel_closed_ || !process_end_.has_value()) return;
  const WorkerProcess::CrashLocation place = process_->LastLocation();
  std::optional<grpc::ByteBuffer> crash;
  if (HadProcess(*process_end_)) crash = CrashMessage(*process_end_, place);
  EndAll(crash, CrashStatus(*process_end_, place));
}

void LiveWorker::Wait() {
  if (!is_waiting()) return;
  AdmitNewcomers();
  if (is_waiting()) events_.on_waiting(this);
}

void LiveWorker::Resume(uint64_t stop) {
  for (const LiveReader* reader : pending_readers_) {
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

void LiveWorker::CloseIfUnused() {
  if (streams_.empty() && pending_readers_.empty()) Close();
}

void LiveWorker::EndAll(const std::optional<grpc::ByteBuffer>& last_message,
                        const absl::Status& status) {
  std::vector<LiveStream> streams = std::exchange(streams_, {});
  std::vector<LiveReader*> pending_readers =
      std::exchange(pending_readers_, {});
  // Before others join, who could be admitted.
  const bool started = process_ != nullptr;
  Close();
  for (LiveStream& stream : streams) stream.End(last_message, status);
  for (LiveReader* reader : pending_readers) {
    if (started) {
      reader->OnDropped(/*too_slow=*/false);
    } else {
      reader->OnEnd(std::nullopt, status);
    }
  }
}

void LiveWorker::Close() {
  if (std::exchange(closed_, true)) return;
  GiveUpHandOver();
  feed_->Close();
  if (process_ != nullptr) {
    process_->socket()->Close();
    if (!process_end_.has_value()) process_->Kill();
  }
  events_.on_closed(this);
}

}  // namespace dissectd::server
