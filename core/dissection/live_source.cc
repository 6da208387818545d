// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/live_source.h"

#include <string>

#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::engine {

absl::Status LiveSource::Begin() {
  ASSIGN_OR_RETURN(const WorkerChannel::Message message,
                   channel_->Receive(ipc::MessageType::kLiveFile));
  return TakeFile(message);
}

void LiveSource::SetAtEnd() {
  if (is_complete()) {
    at_end_ = true;
  } else {
    records_ = UINT64_MAX;
  }
}

absl::StatusOr<LiveSource::Change> LiveSource::Await(
    absl::FunctionRef<absl::Status(const WorkerChannel::Message&)> handle) {
  ipc::ReadRequest want = {};
  want.records = records_;
  want.at_end = at_end_ ? 1 : 0;
  RETURN_IF_ERROR(
      channel_->Send(ipc::MessageType::kReadRequest, {ipc::BytesOf(want)}));
  while (true) {
    ASSIGN_OR_RETURN(const WorkerChannel::Message message, Receive());
    if (message.type == ipc::MessageType::kLiveFile) {
      RETURN_IF_ERROR(TakeFile(message));
      return Change::kNextFile;
    }
    if (message.type == ipc::MessageType::kLiveState) {
      absl::string_view bytes = message.payload;
      if (!ipc::TakeStruct(&bytes, &state_)) return UnexpectedMessage();
      return state_.over != 0 ? Change::kOver : Change::kMore;
    }
    RETURN_IF_ERROR(handle(message));
  }
}

absl::StatusOr<WorkerChannel::Message> LiveSource::Receive() {
  if (wait_ != nullptr) RETURN_IF_ERROR(wait_());
  return channel_->Receive();
}

absl::Status LiveSource::TakeFile(const WorkerChannel::Message& message) {
  ipc::LiveFile header;
  absl::string_view name = message.payload;
  if (!ipc::TakeStruct(&name, &header)) return UnexpectedMessage();
  file_.fd = message.descriptor();
  file_.name = std::string(name);
  file_.first_record = header.first_record;
  state_ = {};
  records_ = 0;
  at_end_ = false;
  return absl::OkStatus();
}

}  // namespace dissectd::engine
