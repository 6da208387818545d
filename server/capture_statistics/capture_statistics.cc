// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_statistics/capture_statistics.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"
#include "server/capture/capture_options.h"
#include "server/capture_statistics/top_protocols.h"

namespace dissectd::server {

absl::StatusOr<std::shared_ptr<CaptureStatistics>> CaptureStatistics::Start(
    const Deps& deps, CallContext* context, const std::string& name) {
  deps.loop->AssertOnLoop();
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                   deps.live.captures->Find(name));
  ASSIGN_OR_RETURN(std::shared_ptr<LiveFeed> feed,
                   LiveFeed::Create(deps.live, name));
  ASSIGN_OR_RETURN(WorkerLimit::Permit permit, context->TakeWorkerPermit());
  // make_shared can't call the private constructor.
  std::shared_ptr<CaptureStatistics> statistics(new CaptureStatistics(
      deps, std::move(capture), std::move(feed), std::move(permit)));
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

CaptureStatistics::~CaptureStatistics() { feed_->Close(); }

absl::Status CaptureStatistics::OnFile(LiveFeed::File file) {
  ASSIGN_OR_RETURN(worker_, Worker::Start(deps_.loop, deps_.engine,
                                          {ipc::WorkerKind::kStatistics,
                                           {},
                                           std::move(file.fd),
                                           std::move(permit_)},
                                          this));
  worker_->Send(ipc::MessageType::kCaptureName, 0, file.name);
  worker_->Send(ipc::MessageType::kCount, kOnlyRequest, "");
  worker_->Send(ipc::MessageType::kLiveFile, kOnlyRequest, file.Payload());
  worker_->Read();
  return absl::OkStatus();
}

void CaptureStatistics::OnWorkerMessage(const WorkerSocket::Message& message) {
  deps_.loop->AssertOnLoop();
  // Keeps this object alive, as watchers may release it.
  const auto self = shared_from_this();
  if (message.type == ipc::MessageType::kMessage) {
    OnCounts(BytesOf(message.payload));
  } else if (message.type == ipc::MessageType::kReadRequest) {
    OnReadRequest(BytesOf(message.payload));
  } else {
    End(errors::WorkerProtocolError());
  }
  if (worker_ != nullptr) worker_->Read();
}

void CaptureStatistics::OnWorkerEnd(const WorkerOutcome& outcome) {
  const auto self = shared_from_this();
  End(outcome.status);
}

void CaptureStatistics::OnCounts(const std::string& bytes) {
  absl::string_view rest = bytes;
  ipc::CountedSlot slot = {};
  v1::CaptureCounts counts;
  if (!ipc::TakeStruct(&rest, &slot) ||
      !counts.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) {
    return End(errors::WorkerProtocolError());
  }
  const absl::Time time = absl::FromUnixNanos(slot.begin_nanoseconds);
  AddCounts(counts, &counts_);
  // Packets from a pipe may have any time. Those in the future were counted by
  // a worker that sees a new setting of the clock earlier or later: abseil asks
  // for the time of day only every few seconds.
  const absl::Time now = absl::Now();
  // The clock may have been set back.
  latest_ = std::min(std::max(latest_, time), now);
  const absl::Time counted_at =
      ReadsPipes(capture_->description().options()) ? now : std::min(time, now);
  TellAll([&](Watcher* watcher) { watcher->OnCounts(counted_at, counts); });
}

void CaptureStatistics::OnReadRequest(const std::string& bytes) {
  const absl::Status status = feed_->TakeRequest(bytes);
  if (!status.ok()) return End(status);
  feed_->Answer(worker_.get(),
                [weak = weak_from_this()](const absl::Status& answered) {
                  if (answered.ok()) return;
                  if (const auto self = weak.lock()) self->End(answered);
                });
  if (!is_waiting()) return;
  up_to_date_ = true;
  TellAll([](Watcher* watcher) { watcher->OnChange(); });
}

void CaptureStatistics::End(const absl::Status& status) {
  deps_.loop->AssertOnLoop();
  if (end_.has_value()) return;
  end_ = status;
  feed_->Close();
  worker_.reset();
  permit_ = WorkerLimit::Permit();
  TellAll([](Watcher* watcher) { watcher->OnChange(); });
}

void CaptureStatistics::TellAll(absl::FunctionRef<void(Watcher*)> tell) {
  // Otherwise the last watcher that leaves would destroy this object.
  const std::shared_ptr<CaptureStatistics> self = shared_from_this();
  const std::set<Watcher*> watchers = watchers_;
  for (Watcher* watcher : watchers) {
    if (watchers_.count(watcher) != 0) tell(watcher);
  }
}

uint64_t CaptureStatistics::dropped() const {
  return capture_->description().stopped().packets_dropped();
}

absl::StatusOr<std::shared_ptr<CaptureStatistics>> CaptureStatisticsPool::Get(
    CallContext* context, const std::string& capture) {
  deps_.loop->AssertOnLoop();
  const std::pair<Principal, std::string> key(context->principal(), capture);
  std::shared_ptr<CaptureStatistics> statistics = known_[key].lock();
  if (statistics != nullptr && !statistics->end().has_value()) {
    return statistics;
  }
  known_.erase(key);
  ASSIGN_OR_RETURN(statistics,
                   CaptureStatistics::Start(deps_, context, capture));
  known_[key] = statistics;
  return statistics;
}

}  // namespace dissectd::server
