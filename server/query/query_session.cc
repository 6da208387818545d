// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_session.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/memory_file.h"

namespace dissectd {

absl::StatusOr<std::shared_ptr<QuerySession>> QuerySession::Start(
    const Parts& parts, UniqueFd capture, const std::string& capture_name) {
  if (!capture.valid()) {
    ASSIGN_OR_RETURN(capture, MemoryFileWith(""));
  }
  // Not make_shared: the constructor is private.
  std::shared_ptr<QuerySession> session(new QuerySession());
  ASSIGN_OR_RETURN(
      session->process_,
      SessionProcess::Start(
          parts.loop, parts.host, std::move(capture),
          [session](const SessionEnd& end) { session->OnProcessEnded(end); }));
  session->process_->socket()->Send(ipc::FrameKind::kCaptureName, capture_name);
  return session;
}

void QuerySession::Ask(Query query, QueryReader* reader,
                       absl::AnyInvocable<void()> idle) {
  reader_ = reader;
  idle_ = std::move(idle);
  ipc::QueryHeader header = {};
  header.query = query.kind;
  header.max_output_bytes = query.max_output_bytes;
  process_->socket()->Send(ipc::FrameKind::kQuery,
                           absl::StrCat(ipc::BytesOf(header), query.request),
                           std::move(query.output));
  ReadMore();
}

void QuerySession::ReadMore() {
  if (reading_ || channel_closed_ || ended_) return;
  // One that is idle is read as well, to notice its end.
  if (reader_ != nullptr && !reader_->HasRoom()) return;
  reading_ = true;
  process_->socket()->Read(
      [self = shared_from_this()](SessionSocket::ReadResult result,
                                  const SessionSocket::Frame& frame) {
        self->OnRead(result, frame);
      });
}

void QuerySession::OnRead(SessionSocket::ReadResult result,
                          const SessionSocket::Frame& frame) {
  reading_ = false;
  const bool is_frame = result == SessionSocket::ReadResult::kFrame;
  if (result == SessionSocket::ReadResult::kClosed) {
    channel_closed_ = true;
    return EndIfSilent();
  }
  if (is_frame && reader_ != nullptr &&
      frame.kind == ipc::FrameKind::kMessage) {
    reader_->OnResponse(frame.payload);
  } else if (is_frame && reader_ != nullptr &&
             frame.kind == ipc::FrameKind::kStatus) {
    QueryReader* reader = std::exchange(reader_, nullptr);
    absl::AnyInvocable<void()> idle = std::move(idle_);
    reader->OnEnd(StatusFromSession(BytesOf(frame.payload)));
    idle();
  } else {
    End(errors::SessionProtocolError());
  }
  ReadMore();
}

void QuerySession::OnProcessEnded(const SessionEnd& end) {
  process_end_ = end;
  // A session that was never forked has no end of the channel to close.
  if (!HadProcess(end)) channel_closed_ = true;
  EndIfSilent();
}

void QuerySession::EndIfSilent() {
  if (ended_ || !channel_closed_ || !process_end_.has_value()) return;
  End(SilentEndError(*process_end_, process_->LastPlace()));
}

void QuerySession::Abandon() {
  reader_ = nullptr;
  End(absl::CancelledError("nobody wants to know"));
}

void QuerySession::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  process_->socket()->Close();
  if (!process_end_.has_value()) process_->Kill();
  QueryReader* reader = std::exchange(reader_, nullptr);
  absl::AnyInvocable<void()> idle = std::move(idle_);
  if (reader != nullptr) reader->OnEnd(status);
  if (idle != nullptr) idle();
}

}  // namespace dissectd
