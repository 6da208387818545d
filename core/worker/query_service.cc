// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/query_service.h"

#include <unistd.h>

#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/worker/query_table.h"

namespace dissectd::engine {

absl::Status QueryService::Run(WorkerChannel::Frame frame) {
  while (true) {
    if (frame.kind != ipc::MessageType::kQuery) return UnexpectedFrame();
    context_.output = frame.descriptor;
    const absl::Status answered = Answer(frame);
    if (context_.output >= 0) close(context_.output);
    // Nobody listens any more.
    if (absl::IsCancelled(answered)) return answered;
    RETURN_IF_ERROR(
        channel_->Send(ipc::MessageType::kStatus, {SerializeStatus(answered)}));
    ASSIGN_OR_RETURN(frame, channel_->Receive());
  }
}

absl::Status QueryService::Answer(const WorkerChannel::Frame& frame) {
  absl::string_view request = frame.payload;
  ipc::QueryHeader header = {};
  if (!ipc::TakeStruct(&request, &header)) return UnexpectedFrame();
  context_.max_output_bytes = header.max_output_bytes;
  const QueryFn answer = FindQuery(header.query);
  if (answer == nullptr) return UnexpectedFrame();
  return answer(context_, request, [this](absl::string_view response) {
    return channel_->Send(ipc::MessageType::kMessage, {response});
  });
}

}  // namespace dissectd::engine
