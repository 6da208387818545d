// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_statistics.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/errors.h"
#include "server/grpc_status.h"

namespace dissectd {

absl::StatusOr<std::shared_ptr<CaptureStatistics>> CaptureStatistics::Start(
    const Parts& parts, const std::string& name) {
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                   parts.live.captures->Find(name));
  ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(parts.live, name));
  SessionLimit::Place place = parts.sessions->Take();
  if (!place.valid()) return errors::TooManySessions(parts.sessions->limit());
  // Not make_shared: the constructor is private.
  std::shared_ptr<CaptureStatistics> statistics(new CaptureStatistics(
      parts, std::move(capture), std::move(feed), std::move(place)));
  statistics->feed_->OpenFirst([weak = statistics->weak_from_this()](
                                   absl::StatusOr<LiveFeed::File> file) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    absl::Status status = file.status();
    if (status.ok()) status = self->OnFile(*std::move(file));
    if (!status.ok()) self->End(status);
  });
  return statistics;
}

CaptureStatistics::~CaptureStatistics() {
  feed_->Close();
  if (session_ == nullptr) return;
  session_->socket()->Close();
  if (!end_.has_value()) session_->Kill();
}

absl::Status CaptureStatistics::OnFile(LiveFeed::File file) {
  ASSIGN_OR_RETURN(
      session_,
      SessionProcess::Start(parts_.loop, parts_.host, std::move(file.fd),
                            [weak = weak_from_this()](const SessionEnd& end) {
                              if (const auto self = weak.lock()) {
                                self->OnSessionEnded(end);
                              }
                            }));
  SessionSocket* socket = session_->socket();
  socket->Send(ipc::FrameKind::kCaptureName, file.name);
  socket->Send(ipc::FrameKind::kCount, "");
  socket->Send(ipc::FrameKind::kLiveFile, file.Payload());
  Read();
  return absl::OkStatus();
}

void CaptureStatistics::Read() {
  session_->socket()->Read(
      [weak = weak_from_this()](SessionSocket::ReadResult result,
                                const SessionSocket::Frame& frame) {
        if (const auto self = weak.lock()) self->OnRead(result, frame);
      });
}

void CaptureStatistics::OnRead(SessionSocket::ReadResult result,
                               const SessionSocket::Frame& frame) {
  // What the end of the process says.
  if (result == SessionSocket::ReadResult::kClosed) return;
  const bool is_frame = result == SessionSocket::ReadResult::kFrame;
  if (is_frame && frame.kind == ipc::FrameKind::kStatus) {
    return End(StatusFromSession(BytesOf(frame.payload)));
  }
  if (is_frame && frame.kind == ipc::FrameKind::kMessage) {
    OnCounts(BytesOf(frame.payload));
  } else if (is_frame && frame.kind == ipc::FrameKind::kLiveWant) {
    OnLiveWant(BytesOf(frame.payload));
  } else {
    End(errors::SessionProtocolError());
  }
  if (!end_.has_value()) Read();
}

void CaptureStatistics::OnCounts(const std::string& bytes) {
  if (!counts_.ParseFromString(bytes)) End(errors::SessionProtocolError());
}

void CaptureStatistics::OnLiveWant(const std::string& bytes) {
  const absl::Status status = feed_->TakeWant(bytes);
  if (!status.ok()) return End(status);
  feed_->Answer(session_->socket(),
                [weak = weak_from_this()](const absl::Status& answered) {
                  if (answered.ok()) return;
                  if (const auto self = weak.lock()) self->End(answered);
                });
  if (up_to_date_ || !feed_->IsWaiting()) return;
  up_to_date_ = true;
  subscribers_.NotifyAll();
}

void CaptureStatistics::OnSessionEnded(const SessionEnd& end) {
  place_ = SessionLimit::Place();
  if (!end_.has_value()) End(SilentEndError(end, session_->LastPlace()));
}

void CaptureStatistics::End(const absl::Status& status) {
  if (end_.has_value()) return;
  end_ = status;
  feed_->Close();
  if (session_ != nullptr) session_->Kill();
  subscribers_.NotifyAll();
}

v1::CaptureCounts CaptureStatistics::counts() const {
  v1::CaptureCounts counts = counts_;
  counts.set_dropped(capture_->description().stopped().packets_dropped());
  return counts;
}

absl::StatusOr<std::shared_ptr<CaptureStatistics>> CaptureStatisticsPool::Get(
    const std::string& capture) {
  std::weak_ptr<CaptureStatistics>& known = by_capture_[capture];
  std::shared_ptr<CaptureStatistics> statistics = known.lock();
  if (statistics != nullptr && !statistics->end().has_value()) {
    return statistics;
  }
  by_capture_.erase(capture);
  ASSIGN_OR_RETURN(statistics, CaptureStatistics::Start(parts_, capture));
  by_capture_[capture] = statistics;
  return statistics;
}

}  // namespace dissectd
