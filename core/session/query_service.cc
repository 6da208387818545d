// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/query_service.h"

#include <unistd.h>

#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/catalog/query_table.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd {

absl::Status QueryService::Run(SessionChannel::Frame frame) {
  while (true) {
    if (frame.kind != ipc::FrameKind::kQuery) return UnexpectedFrame();
    context_.output = frame.descriptor;
    const absl::Status answered = Answer(frame);
    if (context_.output >= 0) close(context_.output);
    // Nobody listens any more.
    if (absl::IsCancelled(answered)) return answered;
    RETURN_IF_ERROR(
        channel_->Send(ipc::FrameKind::kStatus, {SerializeStatus(answered)}));
    ASSIGN_OR_RETURN(frame, channel_->Receive());
  }
}

absl::Status QueryService::Answer(const SessionChannel::Frame& frame) {
  absl::string_view request = frame.payload;
  ipc::QueryHeader header = {};
  if (!ipc::TakeStruct(&request, &header)) return UnexpectedFrame();
  context_.max_output_bytes = header.max_output_bytes;
  const QueryFn answer = FindQuery(header.query);
  if (answer == nullptr) return UnexpectedFrame();
  return answer(context_, request, [this](absl::string_view response) {
    return channel_->Send(ipc::FrameKind::kMessage, {response});
  });
}

}  // namespace dissectd
