// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissect_call.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/memory_file.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

grpc::ByteBuffer Serialize(const v1::DissectResponse& response) {
  const grpc::Slice slice(response.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return std::string();
  return std::string(reinterpret_cast<const char*>(slice.begin()),
                     slice.size());
}

std::string Describe(const SessionEnd& end) {
  return end.kind == SessionEnd::Kind::kSignaled
             ? absl::StrCat("signal ", end.value)
             : absl::StrCat("exit status ", end.value);
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
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return errors::SessionNotStarted(errno);
  }
  UniqueFd ours(pair[0]);
  UniqueFd theirs(pair[1]);
  ASSIGN_OR_RETURN(status_page_, MemoryFileOfZeros(ipc::kStatusPageBytes));
  UniqueFd page_of_session(dup(status_page_.get()));
  if (!page_of_session.valid()) return errors::SessionNotStarted(errno);
  place_ = std::move(work.place);
  socket_.emplace(&loop_->context(), std::move(ours));
  session_id_ = host_->StartSession(
      {std::move(theirs), std::move(page_of_session), std::move(work.capture)},
      [self = shared_from_this()](const SessionEnd& end) {
        self->OnSessionEnded(end);
      });
  socket_->SendRequest(work.capture_name, work.request.SerializeAsString(),
                       live_file);
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
    status_ = ToGrpcStatus(absl::string_view(ToString(frame.payload)));
  } else if (result == SessionSocket::ReadResult::kFrame &&
             frame.kind == ipc::FrameKind::kLiveWant && feed_ != nullptr) {
    OnLiveWant(frame.payload);
  } else {
    host_->KillSession(session_id_);
    status_ = ToGrpcStatus(errors::SessionProtocolError());
  }
  Advance();
}

void DissectCall::OnLiveWant(const grpc::ByteBuffer& payload) {
  const std::string bytes = ToString(payload);
  ipc::LiveWant want = {};
  if (bytes.size() != sizeof(want)) {
    host_->KillSession(session_id_);
    status_ = ToGrpcStatus(errors::SessionProtocolError());
    return;
  }
  std::memcpy(&want, bytes.data(), sizeof(want));
  feed_->Await(want, [self = shared_from_this()](
                         absl::StatusOr<LiveFeed::Answer> answer) {
    self->AnswerLiveWant(std::move(answer));
  });
}

void DissectCall::AnswerLiveWant(absl::StatusOr<LiveFeed::Answer> answer) {
  if (finished_ || cancelled_) return;
  if (!answer.ok()) {
    host_->KillSession(session_id_);
    status_ = ToGrpcStatus(answer.status());
    return Advance();
  }
  // That a session has died is noticed where its frames are read.
  socket_->SendSmall(answer->kind, answer->payload, answer->fd.get());
}

void DissectCall::OnSessionEnded(const SessionEnd& end) {
  session_end_ = end;
  place_ = SessionLimit::Place();
  // A session that was never forked has no end of the channel to close.
  if (end.kind != SessionEnd::Kind::kExited &&
      end.kind != SessionEnd::Kind::kSignaled) {
    closed_ = true;
  }
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
  if (session_id_ != 0 && !session_end_.has_value()) {
    host_->KillSession(session_id_);
  }
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
  if (reading_ || closed_ || status_.has_value() || !socket_) return;
  reading_ = true;
  socket_->Read([self = shared_from_this()](SessionSocket::ReadResult result,
                                            const SessionSocket::Frame& frame) {
    self->OnRead(result, frame);
  });
}

void DissectCall::Write(const grpc::ByteBuffer& message) {
  in_flight_ = message;
  StartWrite(&*in_flight_);
}

void DissectCall::ReportSilentEnd() {
  switch (session_end_->kind) {
    case SessionEnd::Kind::kNotStarted:
      return FinishWith(
          ToGrpcStatus(errors::SessionNotStarted(session_end_->value)));
    case SessionEnd::Kind::kHostDied:
      return FinishWith(ToGrpcStatus(errors::HostDied()));
    case SessionEnd::Kind::kHostUnavailable:
      return FinishWith(ToGrpcStatus(errors::HostUnavailable()));
    case SessionEnd::Kind::kExited:
    case SessionEnd::Kind::kSignaled:
      break;
  }
  std::string protocol;
  const uint32_t frame = FrameAtCrash(&protocol);
  const std::string how = Describe(*session_end_);
  spdlog::error("a session was ended by {} at frame {}, protocol \"{}\"", how,
                frame, protocol);
  v1::DissectResponse response;
  v1::Crash* crash = response.mutable_crash();
  crash->set_frame_number(frame);
  crash->set_protocol(protocol);
  if (session_end_->kind == SessionEnd::Kind::kSignaled) {
    crash->set_signal(session_end_->value);
  } else {
    crash->set_exit_status(session_end_->value);
  }
  status_ = ToGrpcStatus(errors::SessionCrashed(how, frame));
  Write(Serialize(response));
}

// Reads the page instead of mapping it: a session gone wrong may have cut it.
uint32_t DissectCall::FrameAtCrash(std::string* protocol) const {
  alignas(ipc::StatusPage) char bytes[sizeof(ipc::StatusPage)] = {};
  if (pread(status_page_.get(), bytes, sizeof(bytes), 0) !=
      static_cast<ssize_t>(sizeof(bytes))) {
    return 0;
  }
  uint32_t frame = 0;
  std::memcpy(&frame, bytes + offsetof(ipc::StatusPage, frame_number),
              sizeof(frame));
  const char* name = bytes + offsetof(ipc::StatusPage, protocol);
  *protocol = MakeValidUtf8(absl::string_view(
      name, strnlen(name, sizeof(ipc::StatusPage::protocol))));
  return frame;
}

void DissectCall::FinishWith(grpc::Status status) {
  finished_ = true;
  if (feed_ != nullptr) feed_->Close();
  // A session that still has something to say is no longer listened to.
  if (socket_) socket_->Close();
  Finish(std::move(status));
}

void DissectCall::OnDone() {
  pass_ = CallGate::Pass();
  // Destroyed on the loop's thread, where its socket belongs.
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd
