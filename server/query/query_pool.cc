// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/errors.h"
#include "server/limits.h"

namespace dissectd {
namespace {

// Each has a process; one more than is needed for a slow query not to hold up
// the others.
constexpr size_t kMaxSessions = 2;

}  // namespace

void QueryPool::Ask(Query query, QueryReader* reader) {
  if (waiting_.size() >= kMaxWaitingQueries) {
    return reader->OnEnd(errors::TooManyQueries());
  }
  waiting_.push_back({std::move(query), reader});
  StartWaiting();
}

void QueryPool::StartWaiting() {
  while (!waiting_.empty() && running_.size() < kMaxSessions) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    Start(std::move(next));
  }
}

void QueryPool::Start(Waiting waiting) {
  std::shared_ptr<QuerySession> session;
  while (session == nullptr && !idle_.empty()) {
    // It may have ended meanwhile.
    if (idle_.back()->is_idle()) session = idle_.back();
    idle_.pop_back();
  }
  if (session == nullptr) {
    absl::StatusOr<std::shared_ptr<QuerySession>> started =
        QuerySession::Start(parts_, UniqueFd(), "");
    if (!started.ok()) return waiting.reader->OnEnd(started.status());
    session = *std::move(started);
  }
  QueryReader* reader = waiting.reader;
  Running& running = running_[reader];
  running.session = session;
  running.patience = std::make_unique<asio::steady_timer>(
      parts_.loop->context(), kQueryTimeout);
  running.patience->async_wait([this, reader](const asio::error_code& error) {
    if (!error) OnTimeout(reader);
  });
  session->Ask(std::move(waiting.query), reader,
               [this, reader] { OnIdle(reader); });
}

void QueryPool::OnIdle(QueryReader* reader) {
  const auto found = running_.find(reader);
  if (found == running_.end()) return;
  if (found->second.session->is_idle()) {
    idle_.push_back(std::move(found->second.session));
  }
  running_.erase(found);
  StartWaiting();
}

void QueryPool::OnTimeout(QueryReader* reader) {
  const auto found = running_.find(reader);
  // It may be another one's by now.
  if (found == running_.end() || found->second.patience->expiry() >
                                     asio::steady_timer::clock_type::now()) {
    return;
  }
  Abandon(reader);
  reader->OnEnd(errors::QueryTimeout());
}

void QueryPool::ReadMore(QueryReader* reader) {
  const auto found = running_.find(reader);
  if (found != running_.end()) found->second.session->ReadMore();
}

void QueryPool::Abandon(QueryReader* reader) {
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(),
                                [=](const Waiting& waiting) {
                                  return waiting.reader == reader;
                                }),
                 waiting_.end());
  const auto found = running_.find(reader);
  if (found == running_.end()) return;
  // OnIdle forgets it.
  const std::shared_ptr<QuerySession> session = found->second.session;
  session->Abandon();
}

}  // namespace dissectd
