// SPDX-License-Identifier: GPL-2.0-or-later

// The readers of a LiveWorker, and their moves to another one.

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"
#include "server/live/live_request.h"
#include "server/live/live_worker.h"

namespace dissectd::server {
namespace {

// The limit of messages that wait for a slow client.
constexpr size_t kMaxBacklogBytes = 4 << 20;

// A worker that doesn't answer within this time is broken.
constexpr std::chrono::seconds kHandOverTimeout(1);

absl::StatusOr<std::vector<ipc::StreamState>> StatesOf(
    const std::string& bytes) {
  std::vector<ipc::StreamState> states(bytes.size() / sizeof(ipc::StreamState));
  if (bytes.size() != states.size() * sizeof(ipc::StreamState)) {
    return errors::WorkerProtocolError();
  }
  std::memcpy(states.data(), bytes.data(), bytes.size());
  return states;
}

}  // namespace

bool LiveWorker::CanAdmit(const LiveReader& reader) const {
  if (state_ == State::kClosed || state_ == State::kHandingOver || alone_ ||
      reader.is_alone()) {
    return false;
  }
  if (!HasBegun()) return true;
  const uint64_t place = FirstFrame(reader.request()) - 1;
  return place >= granted() && place <= feed_->frames_so_far() &&
         KnowsFilter(DisplayFilterOf(reader.request().view()));
}

void LiveWorker::Admit(LiveReader* reader) {
  deps_.loop->AssertOnLoop();
  pending_readers_.push_back(reader);
  reader->OnWorker(shared_from_this());
  Wait();
}

bool LiveWorker::KnowsFilter(const std::string& filter) const {
  return filter.empty() || std::any_of(streams_.begin(), streams_.end(),
                                       [&](const LiveStream& stream) {
                                         return stream.filter() == filter;
                                       });
}

void LiveWorker::AdmitPendingReaders() {
  std::vector<LiveReader*> dropped;
  for (LiveReader* reader : std::exchange(pending_readers_, {})) {
    const v1::DissectRequest& request = reader->request();
    const uint64_t place = FirstFrame(request) - 1;
    ipc::AddStream begin = {};
    begin.origin =
        HasBegun() ? ipc::StreamOrigin::kWorker : ipc::StreamOrigin::kBeginning;
    if (!HasBegun() ||
        (place == position() && KnowsFilter(DisplayFilterOf(request.view())))) {
      AddToStream(reader, begin);
    } else if (place > position()) {
      pending_readers_.push_back(reader);
    } else {
      dropped.push_back(reader);
    }
  }
  // Without streams the worker reads nothing and doesn't move.
  if (streams_.empty()) {
    for (LiveReader* reader : std::exchange(pending_readers_, {})) {
      dropped.push_back(reader);
    }
  }
  for (LiveReader* reader : dropped) {
    reader->OnDropped(/*too_slow=*/false);
  }
  CloseIfUnused();
}

void LiveWorker::AddToStream(LiveReader* reader, const ipc::AddStream& begin) {
  const v1::DissectRequest& request = reader->request();
  if (header_.Valid()) reader->OnHeader(header_);
  // A reader that is told of lost frames needs a separate stream.
  const bool misses_frames = begin.origin == ipc::StreamOrigin::kBeginning &&
                             FirstFrame(request) <= position();
  const std::string key =
      misses_frames ? std::string() : StreamKey(request, position());
  const auto found = std::find_if(
      streams_.begin(), streams_.end(),
      [&](const auto& stream) { return !key.empty() && stream.key() == key; });
  if (found != streams_.end()) {
    found->Add(reader);
    return worker_->Send(ipc::MessageType::kAddReader, kOnlyRequest,
                         ipc::BytesOf(found->number()));
  }
  ipc::AddStream add = begin;
  add.state.stream = ++last_stream_;
  worker_->Send(ipc::MessageType::kAddStream, kOnlyRequest,
                std::string(ipc::BytesOf(add)).append(StreamPayload(request)));
  streams_.emplace_back(add.state.stream, key, DisplayFilterOf(request.view()));
  streams_.back().Add(reader);
}

void LiveWorker::Leave(LiveReader* reader) {
  deps_.loop->AssertOnLoop();
  pending_readers_.erase(
      std::remove(pending_readers_.begin(), pending_readers_.end(), reader),
      pending_readers_.end());
  for (auto stream = streams_.begin(); stream != streams_.end(); ++stream) {
    stream->Remove(reader);
    if (!stream->empty()) continue;
    worker_->Send(ipc::MessageType::kRemoveStream, kOnlyRequest,
                  ipc::BytesOf(stream->number()));
    streams_.erase(stream);
    break;
  }
  CloseIfUnused();
  // The reader may have been the only one without room.
  ReadMore();
}

void LiveWorker::DropSlowReaders() {
  if (reader_count() < 2) return;
  std::vector<LiveReader*> slow;
  for (const LiveStream& stream : streams_) {
    for (LiveReader* reader : stream.readers()) {
      if (reader->backlog() > kMaxBacklogBytes) slow.push_back(reader);
    }
  }
  for (LiveReader* reader : slow) {
    Leave(reader);
    reader->OnDropped(/*too_slow=*/true);
  }
}

size_t LiveWorker::reader_count() const {
  size_t count = pending_readers_.size();
  for (const LiveStream& stream : streams_) count += stream.readers().size();
  return count;
}

bool LiveWorker::AnyHasRoom() const {
  if (streams_.empty()) return true;
  for (const LiveStream& stream : streams_) {
    for (const LiveReader* reader : stream.readers()) {
      if (reader->HasRoom()) return true;
    }
  }
  return false;
}

bool LiveWorker::IsLike(const LiveWorker& other) const {
  return !alone_ && !other.alone_ && feed_->IsAtSamePlaceAs(*other.feed_);
}

void LiveWorker::HandOverTo(
    const std::shared_ptr<LiveWorker>& handover_target) {
  deps_.loop->AssertOnLoop();
  feed_->TakeBack();
  handover_target->feed_->TakeBack();
  handover_target->state_ = State::kInheriting;
  handover_target_ = handover_target;
  state_ = State::kHandingOver;
  worker_->Send(ipc::MessageType::kHandOver, kOnlyRequest, "");
  handover_timeout_.Start(kHandOverTimeout, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self != nullptr) self->GiveUpHandOver();
  });
  ReadMore();
}

void LiveWorker::GiveUpHandOver() {
  deps_.loop->AssertOnLoop();
  if (state_ != State::kHandingOver) return;
  // The worker doesn't try to merge again.
  alone_ = true;
  state_ = State::kWaiting;
  ReleaseTarget();
  Wait();
}

void LiveWorker::ReleaseTarget() {
  const std::shared_ptr<LiveWorker> target =
      std::exchange(handover_target_, nullptr);
  if (target == nullptr) return;
  handover_timeout_.Stop();
  if (target->state_ != State::kInheriting) return;
  target->state_ = State::kWaiting;
  target->Wait();
}

absl::Status LiveWorker::OnStates(const grpc::ByteBuffer& payload) {
  // The states came too late.
  if (state_ != State::kHandingOver) return absl::OkStatus();
  if (handover_target_->state_ == State::kClosed) {
    GiveUpHandOver();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<ipc::StreamState> states,
                   StatesOf(BytesOf(payload)));
  for (LiveStream& stream : std::exchange(streams_, {})) {
    const auto state = std::find_if(
        states.begin(), states.end(),
        [&](const auto& each) { return each.stream == stream.number(); });
    if (state != states.end()) {
      handover_target_->TakeOver(stream, *state);
    } else {
      stream.End(std::nullopt, errors::WorkerProtocolError());
    }
  }
  for (LiveReader* reader : std::exchange(pending_readers_, {})) {
    reader->OnDropped(/*too_slow=*/false);
  }
  Close();
  return absl::OkStatus();
}

void LiveWorker::TakeOver(const LiveStream& stream,
                          const ipc::StreamState& state) {
  ipc::AddStream begin = {};
  begin.state = state;
  begin.origin = ipc::StreamOrigin::kState;
  for (LiveReader* reader : stream.readers()) {
    reader->OnWorker(shared_from_this());
    AddToStream(reader, begin);
  }
}

}  // namespace dissectd::server
