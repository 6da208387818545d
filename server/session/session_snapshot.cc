// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_snapshot.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

absl::StatusOr<std::shared_ptr<SessionSnapshot>> SessionSnapshot::Start(
    IoLoop* loop, Origin origin) {
  // make_shared can't call the private constructor.
  std::shared_ptr<SessionSnapshot> snapshot(new SessionSnapshot(
      loop, std::move(origin.facts), std::move(origin.attempts)));
  ASSIGN_OR_RETURN(snapshot->process_,
                   QueryWorker::StartFork(loop, std::move(origin.reading),
                                          WorkerLimit::Permit()));
  Query query;
  query.kind = ipc::Query::kReadSession;
  snapshot->process_->Ask(std::move(query), snapshot.get());
  return snapshot;
}

void SessionSnapshot::Await(Done done) {
  if (!status_.has_value()) return waiting_.push_back(std::move(done));
  if (!status_->ok()) return done(*status_);
  done(shared_from_this());
}

bool SessionSnapshot::IsCurrent(uint32_t frames) const {
  const bool has_failed =
      status_.has_value() && (!status_->ok() || !process_->is_idle());
  // Until the process has answered, it has at least what was known before.
  return !has_failed && facts_.frames() >= frames;
}

absl::StatusOr<std::unique_ptr<QueryWorker>> SessionSnapshot::StartFork(
    uint32_t /*first_frame*/, WorkerLimit::Permit permit) {
  return QueryWorker::StartFork(loop_, process_, std::move(permit));
}

void SessionSnapshot::OnResponse(const grpc::ByteBuffer& response) {
  process_->ReadMore();
  v1::OpenSessionResponse message;
  if (message.ParseFromString(BytesOf(response))) {
    facts_.MergeFrom(message.session());
  }
}

void SessionSnapshot::OnEnd(const absl::Status& status) {
  // The functions that are called may give up the snapshot.
  const std::shared_ptr<SessionSnapshot> self = shared_from_this();
  status_ = status;
  filters_ = std::make_unique<FilterBitmaps>(&scans_, facts_.frames());
  std::vector<Done> waiting = std::exchange(waiting_, {});
  for (Done& done : waiting) {
    if (status.ok()) {
      done(shared_from_this());
    } else {
      done(status);
    }
  }
}

}  // namespace dissectd::server
