// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissect_call.h"

#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/errors.h"
#include "server/grpc_status.h"

namespace dissectd {

std::shared_ptr<DissectCall> DissectCall::Create(const Parts& parts,
                                                 CallGate::Pass pass) {
  // Not make_shared: the constructor is private.
  std::shared_ptr<DissectCall> call(new DissectCall(parts, std::move(pass)));
  Own(call);
  return call;
}

void DissectCall::Start(Work work) {
  loop()->Post([self = Shared(this), work = std::move(work)]() mutable {
    const absl::Status status = self->StartSession(std::move(work));
    if (!status.ok()) self->status_ = status;
    self->Advance();
  });
}

void DissectCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] {
    self->status_ = status;
    self->Advance();
  });
}

absl::Status DissectCall::StartSession(Work work) {
  // The client may have gone before anything was begun.
  if (is_cancelled()) return absl::OkStatus();
  ASSIGN_OR_RETURN(session_, SessionProcess::Start(
                                 loop(), host_, std::move(work.capture.file),
                                 [self = Shared(this)](const SessionEnd& end) {
                                   self->OnSessionEnded(end);
                                 }));
  place_ = std::move(work.place);
  SessionSocket* socket = session_->socket();
  socket->Send(ipc::FrameKind::kCaptureName, work.capture.name);
  socket->Send(ipc::FrameKind::kDissect, work.request.SerializeAsString());
  return absl::OkStatus();
}

void DissectCall::Read() {
  reading_ = true;
  session_->socket()->Read(
      [self = Shared(this)](SessionSocket::ReadResult result,
                            const SessionSocket::Frame& frame) {
        self->OnRead(result, frame);
      });
}

void DissectCall::OnRead(SessionSocket::ReadResult result,
                         const SessionSocket::Frame& frame) {
  reading_ = false;
  if (result == SessionSocket::ReadResult::kClosed) {
    closed_ = true;
  } else if (result == SessionSocket::ReadResult::kFrame &&
             frame.kind == ipc::FrameKind::kMessage) {
    next_ = frame.payload;
  } else if (result == SessionSocket::ReadResult::kFrame &&
             frame.kind == ipc::FrameKind::kStatus) {
    status_ = StatusFromSession(BytesOf(frame.payload));
  } else {
    FailSession(errors::SessionProtocolError());
  }
  Advance();
}

void DissectCall::FailSession(const absl::Status& status) {
  session_->Kill();
  status_ = status;
}

void DissectCall::OnSessionEnded(const SessionEnd& end) {
  session_end_ = end;
  place_ = SessionLimit::Place();
  // A session that was never forked has no end of the channel to close.
  if (!HadProcess(end)) closed_ = true;
  Advance();
}

void DissectCall::OnCancelled() {
  next_.reset();
  if (session_ != nullptr && !session_end_.has_value()) session_->Kill();
}

void DissectCall::DoNext() {
  if (is_writing()) {
    // What comes after the message in flight is read meanwhile, but no more.
    if (next_.has_value()) return;
  } else if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
  } else if (status_.has_value()) {
    return FinishWith(*status_);
  } else if (closed_ && session_end_.has_value()) {
    return ReportSilentEnd();
  }
  if (!reading_ && !closed_ && !status_.has_value() && session_ != nullptr) {
    Read();
  }
}

void DissectCall::ReportSilentEnd() {
  const SessionProcess::Place place = session_->LastPlace();
  status_ = SilentEndError(*session_end_, place);
  if (!HadProcess(*session_end_)) return FinishWith(*status_);
  Write(CrashMessage(*session_end_, place));
}

void DissectCall::OnFinish() {
  // A session that still has something to say is no longer listened to.
  if (session_ != nullptr) session_->socket()->Close();
}

}  // namespace dissectd
