// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/live_source.h"

#include <cstring>
#include <utility>

#include "core/base/status_macros.h"

namespace dissectd {
namespace {

absl::Status Unexpected() {
  return absl::InternalError("an unexpected frame came from dissectd");
}

}  // namespace

absl::Status LiveSource::Begin() {
  ASSIGN_OR_RETURN(SessionChannel::Frame frame, channel_->Receive());
  if (frame.kind != ipc::FrameKind::kLiveFile) return Unexpected();
  return TakeFile(std::move(frame));
}

absl::StatusOr<LiveSource::Change> LiveSource::Await() {
  ipc::LiveWant want = {};
  want.records = records_;
  want.at_end = at_end_ ? 1 : 0;
  RETURN_IF_ERROR(
      channel_->Send(ipc::FrameKind::kLiveWant,
                     {{reinterpret_cast<const char*>(&want), sizeof(want)}}));
  ASSIGN_OR_RETURN(SessionChannel::Frame frame, channel_->Receive());
  if (frame.kind == ipc::FrameKind::kLiveFile) {
    RETURN_IF_ERROR(TakeFile(std::move(frame)));
    return Change::kNextFile;
  }
  if (frame.kind != ipc::FrameKind::kLiveState ||
      frame.payload.size() != sizeof(state_)) {
    return Unexpected();
  }
  std::memcpy(&state_, frame.payload.data(), sizeof(state_));
  return state_.over != 0 ? Change::kOver : Change::kMore;
}

absl::Status LiveSource::TakeFile(SessionChannel::Frame frame) {
  ipc::LiveFile header;
  if (frame.payload.size() < sizeof(header)) return Unexpected();
  std::memcpy(&header, frame.payload.data(), sizeof(header));
  file_.fd = frame.descriptor;
  file_.name = frame.payload.substr(sizeof(header));
  file_.first_record = header.first_record;
  state_ = {};
  records_ = 0;
  at_end_ = false;
  return absl::OkStatus();
}

}  // namespace dissectd
