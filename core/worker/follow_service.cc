// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/follow_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/encode/coloring_rules.h"
#include "core/encode/stream_encoder.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::engine {
namespace {

CaptureView::History HistoryOf(const ipc::StreamState& state) {
  CaptureView::History history;
  history.previous.num = state.displayed_frame;
  history.previous.abs_ts.secs = state.displayed_seconds;
  history.previous.abs_ts.nsecs = state.displayed_nanoseconds;
  history.bytes = state.displayed_bytes;
  return history;
}

ipc::StreamState StateOf(const LiveStream& stream) {
  const CaptureView::History& history = stream.view().history();
  ipc::StreamState state = {};
  state.stream = stream.number();
  state.displayed_frame = history.previous.num;
  state.displayed_seconds = history.previous.abs_ts.secs;
  state.displayed_nanoseconds = history.previous.abs_ts.nsecs;
  state.displayed_bytes = history.bytes;
  return state;
}

absl::Status SendMessage(WorkerChannel* channel,
                         const ipc::StreamMessage& message,
                         absl::Span<const absl::string_view> pieces) {
  std::vector<absl::string_view> all = {ipc::BytesOf(message)};
  all.insert(all.end(), pieces.begin(), pieces.end());
  return channel->Send(ipc::MessageType::kStreamMessage, all);
}

absl::StatusOr<ipc::StreamNumber> NumberIn(absl::string_view payload) {
  ipc::StreamNumber number = 0;
  if (!ipc::TakeStruct(&payload, &number)) return UnexpectedMessage();
  return number;
}

}  // namespace

absl::Status FollowService::Run(CaptureFile file) {
  ASSIGN_OR_RETURN(const WorkerChannel::Message message,
                   channel_->Receive(ipc::MessageType::kAddStream));
  absl::string_view request = message.payload;
  ipc::AddStream added;
  if (!ipc::TakeStruct(&request, &added) ||
      added.origin != ipc::StreamOrigin::kBeginning) {
    return UnexpectedMessage();
  }
  // Compiles the filter before the epan is opened, as for other requests.
  ASSIGN_OR_RETURN(std::unique_ptr<LiveStream> stream,
                   NewStream(added.state.stream, request));
  dissection_.emplace(settings_, std::move(file),
                      LiveDissection::Deps{deps_.epan, deps_.live, this});
  RETURN_IF_ERROR(SendHeader());
  RETURN_IF_ERROR(dissection_->AddFromBeginning(std::move(stream)));
  return dissection_->Run();
}

absl::Status FollowService::SendHeader() {
  const std::optional<ColoringRules> rules =
      settings_.view.colors ? std::make_optional<ColoringRules>()
                            : std::nullopt;
  return SendMessage(channel_, ipc::StreamMessage(),
                     {EncodeHeader(dissection_->file(), dissection_->columns(),
                                   rules.has_value() ? &*rules : nullptr)});
}

absl::Status FollowService::OnMessage(const WorkerChannel::Message& message) {
  switch (message.type) {
    case ipc::MessageType::kAddStream:
      return AddStream(message.payload);
    case ipc::MessageType::kAddReader: {
      ASSIGN_OR_RETURN(const ipc::StreamNumber number,
                       NumberIn(message.payload));
      LiveStream* stream = dissection_->Find(number);
      // The stream may have ended before dissectd knew of it.
      if (stream != nullptr) stream->AddReader();
      return absl::OkStatus();
    }
    case ipc::MessageType::kRemoveStream: {
      ASSIGN_OR_RETURN(const ipc::StreamNumber number,
                       NumberIn(message.payload));
      dissection_->Remove(number);
      return absl::OkStatus();
    }
    case ipc::MessageType::kHandOver:
      return SendStates();
    default:
      return UnexpectedMessage();
  }
}

absl::Status FollowService::OnStreamEnd(const LiveStream& stream) {
  return SendEnded(stream.number(), absl::OkStatus());
}

absl::Status FollowService::OnSlowStream(const LiveStream& stream) {
  return channel_->Send(ipc::MessageType::kStreamExpelled,
                        {ipc::BytesOf(stream.number())});
}

absl::Status FollowService::AddStream(absl::string_view payload) {
  ipc::AddStream added;
  if (!ipc::TakeStruct(&payload, &added)) return UnexpectedMessage();
  auto stream = JoiningStream(added, payload);
  if (!stream.ok()) return SendEnded(added.state.stream, stream.status());
  return added.origin == ipc::StreamOrigin::kBeginning
             ? dissection_->AddFromBeginning(*std::move(stream))
             : dissection_->AddFromHere(*std::move(stream));
}

absl::StatusOr<std::unique_ptr<LiveStream>> FollowService::JoiningStream(
    const ipc::AddStream& added, absl::string_view request) {
  ASSIGN_OR_RETURN(std::unique_ptr<LiveStream> stream,
                   NewStream(added.state.stream, request));
  switch (added.origin) {
    case ipc::StreamOrigin::kBeginning:
      break;
    case ipc::StreamOrigin::kState:
      stream->view().set_history(HistoryOf(added.state));
      break;
    case ipc::StreamOrigin::kWorker: {
      ASSIGN_OR_RETURN(const CaptureView::History history, HistoryFor(*stream));
      stream->view().set_history(history);
      break;
    }
    default:
      return UnexpectedMessage();
  }
  return stream;
}

absl::StatusOr<std::unique_ptr<LiveStream>> FollowService::NewStream(
    ipc::StreamNumber number, absl::string_view request) {
  ASSIGN_OR_RETURN(DissectRequest parsed, ParseDissectRequest(request));
  return LiveStream::Create(
      number, std::move(parsed),
      [this](const DissectRequest& kept, const ipc::StreamMessage& message)
          -> absl::StatusOr<LiveStream::Output> {
        ASSIGN_OR_RETURN(
            std::unique_ptr<StreamEncoder> encoder,
            StreamEncoder::Create(
                kept,
                [this, &message](absl::Span<const absl::string_view> pieces,
                                 uint32_t /*last_frame*/) {
                  return SendMessage(channel_, message, pieces);
                }));
        StreamEncoder* raw_encoder = encoder.get();
        return LiveStream::Output{std::move(encoder),
                                  [raw_encoder] { raw_encoder->ForgetSent(); }};
      });
}

absl::StatusOr<CaptureView::History> FollowService::HistoryFor(
    const LiveStream& stream) {
  if (!stream.view().has_filter()) return dissection_->HistoryOfAll();
  for (const auto& other : dissection_->streams()) {
    if (other->display_filter() == stream.display_filter()) {
      return other->view().history();
    }
  }
  return absl::InternalError("no stream has the display filter of a new one");
}

absl::Status FollowService::SendEnded(ipc::StreamNumber number,
                                      const absl::Status& status) {
  return channel_->Send(ipc::MessageType::kStreamEnded,
                        {ipc::BytesOf(number), SerializeStatus(status)});
}

absl::Status FollowService::SendStates() {
  std::vector<ipc::StreamState> states;
  states.reserve(dissection_->streams().size());
  for (const auto& stream : dissection_->streams()) {
    states.push_back(StateOf(*stream));
  }
  return channel_->Send(ipc::MessageType::kStreamStates,
                        {{reinterpret_cast<const char*>(states.data()),
                          states.size() * sizeof(ipc::StreamState)}});
}

}  // namespace dissectd::engine
