// SPDX-License-Identifier: GPL-2.0-or-later

// Who reads a LiveSession, and how its readers move to another one.

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/errors.h"
#include "server/live/live_request.h"
#include "server/live/live_session.h"

namespace dissectd {
namespace {

// Of messages for a client that is slower than others.
constexpr size_t kMaxBacklogBytes = 4 << 20;

// A session answers at once; one that does not is in trouble.
constexpr std::chrono::seconds kHandOverPatience(1);

absl::StatusOr<std::vector<ipc::StreamState>> StatesOf(
    const std::string& bytes) {
  std::vector<ipc::StreamState> states(bytes.size() / sizeof(ipc::StreamState));
  if (bytes.size() != states.size() * sizeof(ipc::StreamState)) {
    return errors::SessionProtocolError();
  }
  std::memcpy(states.data(), bytes.data(), bytes.size());
  return states;
}

}  // namespace

bool LiveSession::CanAdmit(const LiveReader& reader) const {
  if (closed_ || handing_over_ || alone_ || reader.is_alone()) return false;
  if (!HasBegun()) return true;
  const uint64_t place = FirstFrame(reader.request()) - 1;
  return place >= granted() && place <= feed_->frames_so_far() &&
         KnowsFilter(reader.request().view().display_filter());
}

void LiveSession::Admit(LiveReader* reader) {
  newcomers_.push_back(reader);
  reader->OnSession(shared_from_this());
  Wait();
}

bool LiveSession::KnowsFilter(const std::string& filter) const {
  return filter.empty() || std::any_of(streams_.begin(), streams_.end(),
                                       [&](const LiveStream& stream) {
                                         return stream.filter() == filter;
                                       });
}

void LiveSession::AdmitNewcomers() {
  std::vector<LiveReader*> dropped;
  for (LiveReader* reader : std::exchange(newcomers_, {})) {
    const v1::DissectRequest& request = reader->request();
    const uint64_t place = FirstFrame(request) - 1;
    ipc::AddStream begin = {};
    begin.origin = HasBegun() ? ipc::StreamOrigin::kSession
                              : ipc::StreamOrigin::kBeginning;
    if (!HasBegun() ||
        (place == position() && KnowsFilter(request.view().display_filter()))) {
      AddToStream(reader, begin);
    } else if (place > position()) {
      newcomers_.push_back(reader);
    } else {
      dropped.push_back(reader);
    }
  }
  // Without a stream it reads nothing, and comes to no other place.
  if (streams_.empty()) {
    for (LiveReader* reader : std::exchange(newcomers_, {})) {
      dropped.push_back(reader);
    }
  }
  for (LiveReader* reader : dropped) {
    reader->OnDropped(/*too_slow=*/false);
  }
  CloseIfUnused();
}

void LiveSession::AddToStream(LiveReader* reader, const ipc::AddStream& begin) {
  const v1::DissectRequest& request = reader->request();
  if (header_.Valid()) reader->OnHeader(header_);
  // Who is told of frames that are missing has a stream for that.
  const bool misses_frames = begin.origin == ipc::StreamOrigin::kBeginning &&
                             FirstFrame(request) <= position();
  const std::string key =
      misses_frames ? std::string() : StreamKey(request, position());
  const auto found = std::find_if(
      streams_.begin(), streams_.end(),
      [&](const auto& stream) { return !key.empty() && stream.key() == key; });
  SessionSocket* socket = process_->socket();
  if (found != streams_.end()) {
    found->Add(reader);
    return socket->Send(ipc::FrameKind::kAddReader,
                        ipc::BytesOf(found->number()));
  }
  ipc::AddStream add = begin;
  add.state.stream = ++last_stream_;
  socket->Send(ipc::FrameKind::kAddStream,
               std::string(ipc::BytesOf(add)).append(StreamPayload(request)));
  streams_.emplace_back(add.state.stream, key, request.view().display_filter());
  streams_.back().Add(reader);
}

void LiveSession::Leave(LiveReader* reader) {
  newcomers_.erase(std::remove(newcomers_.begin(), newcomers_.end(), reader),
                   newcomers_.end());
  for (auto stream = streams_.begin(); stream != streams_.end(); ++stream) {
    stream->Remove(reader);
    if (!stream->empty()) continue;
    process_->socket()->Send(ipc::FrameKind::kRemoveStream,
                             ipc::BytesOf(stream->number()));
    streams_.erase(stream);
    break;
  }
  CloseIfUnused();
  // It may have been the only one who had no room.
  ReadMore();
}

void LiveSession::DropSlowReaders() {
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

size_t LiveSession::reader_count() const {
  size_t count = newcomers_.size();
  for (const LiveStream& stream : streams_) count += stream.readers().size();
  return count;
}

bool LiveSession::AnyHasRoom() const {
  if (streams_.empty()) return true;
  for (const LiveStream& stream : streams_) {
    for (const LiveReader* reader : stream.readers()) {
      if (reader->HasRoom()) return true;
    }
  }
  return false;
}

bool LiveSession::IsLike(const LiveSession& other) const {
  return !alone_ && !other.alone_ && feed_->IsAtSamePlaceAs(*other.feed_);
}

void LiveSession::HandOverTo(const std::shared_ptr<LiveSession>& heir) {
  feed_->TakeBack();
  heir->feed_->TakeBack();
  heir->inheriting_ = true;
  heir_ = heir;
  handing_over_ = true;
  process_->socket()->Send(ipc::FrameKind::kHandOver, "");
  patience_.expires_after(kHandOverPatience);
  patience_.async_wait(
      [weak = weak_from_this()](const asio::error_code& error) {
        const auto self = weak.lock();
        if (!error && self != nullptr) self->GiveUpHandOver();
      });
  ReadMore();
}

void LiveSession::GiveUpHandOver() {
  if (!std::exchange(handing_over_, false)) return;
  patience_.cancel();
  // Not again.
  alone_ = true;
  const std::shared_ptr<LiveSession> heir = std::exchange(heir_, nullptr);
  heir->inheriting_ = false;
  heir->Wait();
  Wait();
}

absl::Status LiveSession::OnStates(const grpc::ByteBuffer& payload) {
  // They came too late.
  if (!handing_over_) return absl::OkStatus();
  if (heir_->closed_) {
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
      heir_->TakeOver(stream, *state);
    } else {
      stream.End(std::nullopt, errors::SessionProtocolError());
    }
  }
  for (LiveReader* reader : std::exchange(newcomers_, {})) {
    reader->OnDropped(/*too_slow=*/false);
  }
  Close();
  return absl::OkStatus();
}

void LiveSession::TakeOver(const LiveStream& stream,
                           const ipc::StreamState& state) {
  ipc::AddStream begin = {};
  begin.state = state;
  begin.origin = ipc::StreamOrigin::kState;
  for (LiveReader* reader : stream.readers()) {
    reader->OnSession(shared_from_this());
    AddToStream(reader, begin);
  }
}

}  // namespace dissectd
