// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissect_call.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

grpc::ByteBuffer Serialize(const v1::DissectResponse& response) {
  const grpc::Slice slice(response.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

std::shared_ptr<DissectCall> DissectCall::Create(const Parts& parts,
                                                 CallGate::Pass pass) {
  // Not make_shared: the constructor is private.
  std::shared_ptr<DissectCall> call(new DissectCall(parts, std::move(pass)));
  call->self_ = call;
  return call;
}

void DissectCall::Start(Work work) {
  loop_->Post([self = shared_from_this(), work = std::move(work)]() mutable {
    if (work.request.has_capture()) {
      self->FollowCapture(std::move(work));
      return;
    }
    const absl::Status status =
        self->StartSession(std::move(work), std::string());
    if (!status.ok()) self->status_ = ToGrpcStatus(status);
    self->Advance();
  });
}

void DissectCall::FollowCapture(Work work) {
  absl::StatusOr<std::shared_ptr<LiveFeed>> feed =
      LiveFeed::Create(live_parts_, work.request.capture());
  if (!feed.ok()) {
    status_ = ToGrpcStatus(feed.status());
    return Advance();
  }
  feed_ = *std::move(feed);
  if (work.request.live().from_now()) {
    v1::FrameRange* range = work.request.mutable_view()->mutable_range();
    range->set_first(std::max(range->first(), feed_->frames_so_far() + 1));
  }
  feed_->OpenFirst([self = shared_from_this(), work = std::move(work)](
                       absl::StatusOr<LiveFeed::File> file) mutable {
    absl::Status status = file.status();
    if (status.ok()) {
      work.capture = std::move(file->fd);
      work.capture_name = file->name;
      status = self->StartSession(std::move(work), file->Payload());
    }
    if (!status.ok()) self->status_ = ToGrpcStatus(status);
    self->Advance();
  });
}

void DissectCall::Fail(const absl::Status& status) {
  loop_->Post([self = shared_from_this(), status] {
    self->status_ = ToGrpcStatus(status);
    self->Advance();
  });
}

absl::Status DissectCall::StartSession(Work work,
                                       const std::string& live_file) {
  // The client may have gone before anything was begun.
  if (cancelled_) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      session_,
      SessionProcess::Start(loop_, host_, std::move(work.capture),
                            [self = shared_from_this()](const SessionEnd& end) {
                              self->OnSessionEnded(end);
                            }));
  place_ = std::move(work.place);
  session_->socket()->SendRequest(work.capture_name, ipc::FrameKind::kDissect,
                                  work.request.SerializeAsString(), live_file);
  return absl::OkStatus();
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
    status_ = ToGrpcStatus(absl::string_view(BytesOf(frame.payload)));
  } else if (result == SessionSocket::ReadResult::kFrame &&
             frame.kind == ipc::FrameKind::kLiveWant && feed_ != nullptr) {
    OnLiveWant(BytesOf(frame.payload));
  } else {
    FailSession(errors::SessionProtocolError());
  }
  Advance();
}

void DissectCall::OnLiveWant(const std::string& want) {
  const absl::Status status =
      feed_->Serve(want, session_->socket(),
                   [self = shared_from_this()](const absl::Status& error) {
                     self->FailSession(error);
                     self->Advance();
                   });
  if (!status.ok()) FailSession(status);
}

void DissectCall::FailSession(const absl::Status& status) {
  session_->Kill();
  status_ = ToGrpcStatus(status);
}

void DissectCall::OnSessionEnded(const SessionEnd& end) {
  session_end_ = end;
  place_ = SessionLimit::Place();
  // A session that was never forked has no end of the channel to close.
  if (!HadProcess(end)) closed_ = true;
  Advance();
}

void DissectCall::OnWriteDone(bool ok) {
  loop_->Post([self = shared_from_this(), ok] {
    self->in_flight_.reset();
    if (!ok) self->Cancel();
    self->Advance();
  });
}

void DissectCall::OnCancel() {
  loop_->Post([self = shared_from_this()] {
    self->Cancel();
    self->Advance();
  });
}

void DissectCall::Cancel() {
  if (cancelled_) return;
  cancelled_ = true;
  next_.reset();
  status_ =
      grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled.");
  if (session_ != nullptr && !session_end_.has_value()) session_->Kill();
}

void DissectCall::Advance() {
  if (finished_) return;
  if (in_flight_.has_value()) {
    // What comes after the message in flight is read meanwhile, but no more.
    if (next_.has_value()) return;
  } else if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
  } else if (status_.has_value()) {
    FinishWith(*status_);
    return;
  } else if (closed_ && session_end_.has_value()) {
    ReportSilentEnd();
    return;
  }
  if (reading_ || closed_ || status_.has_value() || session_ == nullptr) {
    return;
  }
  reading_ = true;
  session_->socket()->Read(
      [self = shared_from_this()](SessionSocket::ReadResult result,
                                  const SessionSocket::Frame& frame) {
        self->OnRead(result, frame);
      });
}

void DissectCall::Write(const grpc::ByteBuffer& message) {
  in_flight_ = message;
  StartWrite(&*in_flight_);
}

void DissectCall::ReportSilentEnd() {
  const SessionProcess::Place place = session_->LastPlace();
  status_ = ToGrpcStatus(SilentEndError(*session_end_, place));
  if (!HadProcess(*session_end_)) return FinishWith(*status_);
  spdlog::error("a session was ended by {} at frame {}, protocol \"{}\"",
                Describe(*session_end_), place.frame, place.protocol);
  v1::DissectResponse response;
  v1::Crash* crash = response.mutable_crash();
  crash->set_frame_number(place.frame);
  crash->set_protocol(place.protocol);
  if (session_end_->kind == SessionEnd::Kind::kSignaled) {
    crash->set_signal(session_end_->value);
  } else {
    crash->set_exit_status(session_end_->value);
  }
  Write(Serialize(response));
}

void DissectCall::FinishWith(grpc::Status status) {
  finished_ = true;
  if (feed_ != nullptr) feed_->Close();
  // A session that still has something to say is no longer listened to.
  if (session_ != nullptr) session_->socket()->Close();
  Finish(std::move(status));
}

void DissectCall::OnDone() {
  pass_ = CallGate::Pass();
  // Destroyed on the loop's thread, where its socket belongs.
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd
