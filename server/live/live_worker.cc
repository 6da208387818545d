// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_worker.h"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/engine/crash_message.h"
#include "server/live/live_request.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// Removes a value from the beginning of a payload, without copying the rest.
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
      handover_timeout_(deps.loop->context()) {}

absl::StatusOr<std::shared_ptr<LiveWorker>> LiveWorker::Start(
    const Deps& deps, const std::string& capture, Events events,
    LiveReader* reader) {
  ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(deps.feed, capture));
  // make_shared can't call the private constructor.
  std::shared_ptr<LiveWorker> worker(
      new LiveWorker(deps, std::move(events), std::move(feed)));
  worker->alone_ = reader->is_alone();
  worker->pending_readers_.push_back(reader);
  reader->OnWorker(worker);
  // Posted, so that the worker is known by then.
  deps.loop->Post([worker] {
    // All its readers may have left meanwhile.
    if (worker->state_ == State::kClosed) return;
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
  deps_.loop->AssertOnLoop();
  if (state_ == State::kClosed) return;
  absl::Status status = file.status();
  if (status.ok()) status = StartProcess(*std::move(file));
  if (!status.ok()) EndAll(std::nullopt, status);
}

absl::Status LiveWorker::StartProcess(LiveFeed::File file) {
  ASSIGN_OR_RETURN(
      worker_, Worker::Start(
                   deps_.loop, pending_readers_.front()->engine(),
                   {ipc::WorkerKind::kLive, {}, std::move(file.fd), {}}, this));
  start_ = position();
  LiveReader* first = pending_readers_.front();
  pending_readers_.erase(pending_readers_.begin());
  worker_->Send(ipc::MessageType::kCaptureName, 0, file.name);
  worker_->Send(ipc::MessageType::kFollow, kOnlyRequest,
                FollowPayload(first->request()));
  worker_->Send(ipc::MessageType::kLiveFile, kOnlyRequest, file.Payload());
  ipc::AddStream begin = {};
  begin.origin = ipc::StreamOrigin::kBeginning;
  AddToStream(first, begin);
  ReadMore();
  return absl::OkStatus();
}

void LiveWorker::ReadMore() {
  deps_.loop->AssertOnLoop();
  if (worker_ == nullptr) return;
  if (state_ == State::kHandingOver || AnyHasRoom()) worker_->Read();
}

void LiveWorker::OnWorkerMessage(const WorkerSocket::Message& message) {
  deps_.loop->AssertOnLoop();
  // Keeps this object alive, as the callback may release it.
  const auto self = shared_from_this();
  const absl::Status status = HandleMessage(message);
  if (!status.ok()) EndAll(std::nullopt, status);
  ReadMore();
}

absl::Status LiveWorker::HandleMessage(const WorkerSocket::Message& message) {
  switch (message.type) {
    case ipc::MessageType::kStreamMessage:
      return OnStreamMessage(message.payload);
    case ipc::MessageType::kStreamEnded:
      return OnStreamEnded(message.payload);
    case ipc::MessageType::kStreamExpelled:
      return OnStreamExpelled(message.payload);
    case ipc::MessageType::kStreamStates:
      return OnStates(message.payload);
    case ipc::MessageType::kReadRequest:
      RETURN_IF_ERROR(feed_->TakeRequest(BytesOf(message.payload)));
      if (state_ == State::kReading) state_ = State::kWaiting;
      Wait();
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

void LiveWorker::OnWorkerEnd(const WorkerOutcome& outcome) {
  deps_.loop->AssertOnLoop();
  const auto self = shared_from_this();
  std::optional<grpc::ByteBuffer> crash;
  if (outcome.crashed()) crash = CrashMessage(outcome);
  EndAll(crash, outcome.status);
}

void LiveWorker::Wait() {
  if (!is_waiting()) return;
  AdmitPendingReaders();
  if (is_waiting()) events_.on_waiting(this);
}

void LiveWorker::Resume(uint64_t stop) {
  deps_.loop->AssertOnLoop();
  for (const LiveReader* reader : pending_readers_) {
    const uint64_t place = FirstFrame(reader->request()) - 1;
    if (stop == 0 || place < stop) stop = place;
  }
  feed_->StopAt(stop);
  feed_->Answer(worker_.get(),
                [weak = weak_from_this()](const absl::Status& status) {
                  const auto self = weak.lock();
                  if (self == nullptr) return;
                  if (self->state_ == State::kWaiting) {
                    self->state_ = State::kReading;
                  }
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
  // Comes before other readers join that could be admitted.
  const bool started = worker_ != nullptr;
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
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  ReleaseTarget();
  feed_->Close();
  worker_.reset();
  events_.on_closed(this);
}

}  // namespace dissectd::server
