// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call.h"

#include <algorithm>
#include <asio/error_code.hpp>

#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

using Clock = std::chrono::steady_clock;

// Returns the end of a time that began at `since`, a number of the clock. There
// is none if nothing has begun, or there is no limit.
Clock::time_point EndOf(Clock::rep since, std::chrono::seconds limit) {
  if (limit.count() == 0 || since == 0) return Clock::time_point::max();
  return Clock::time_point(Clock::duration(since)) + limit;
}

Clock::rep Now() { return Clock::now().time_since_epoch().count(); }

}  // namespace

void Call::WatchTime() {
  const CallTimeLimits& limits = context_->time_limits();
  if (limits.reader_timeout.count() == 0 && limits.max_call_time.count() == 0 &&
      sender_timeout().count() == 0) {
    return;
  }
  loop_->Post([weak = weak_from_this()] {
    if (const std::shared_ptr<Call> call = weak.lock()) call->CheckTime();
  });
}

void Call::CheckTime() {
  loop_->AssertOnLoop();
  if (!context_->is_open()) return;
  const Clock::time_point now = Clock::now();
  const CallContext::Overdue overdue = OverdueAt(now);
  if (overdue != CallContext::Overdue::kNone) {
    context_->SetOverdue(overdue, LimitOf(overdue));
    return OnOverdue();
  }
  const Clock::time_point next = NextCheck(now);
  if (next == Clock::time_point::max()) return;
  timer_.expires_at(next);
  // The timer doesn't keep a call alive that has ended.
  timer_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
    if (error) return;
    if (const std::shared_ptr<Call> call = weak.lock()) call->CheckTime();
  });
}

CallContext::Overdue Call::OverdueAt(Clock::time_point now) const {
  if (now >= EndOfWrite()) return CallContext::Overdue::kReader;
  if (now >= EndOfRead()) return CallContext::Overdue::kSender;
  if (now >= EndOfTime()) return CallContext::Overdue::kCall;
  return CallContext::Overdue::kNone;
}

std::chrono::seconds Call::LimitOf(CallContext::Overdue overdue) const {
  switch (overdue) {
    case CallContext::Overdue::kReader:
      return context_->time_limits().reader_timeout;
    case CallContext::Overdue::kSender:
      return sender_timeout();
    case CallContext::Overdue::kCall:
      return context_->time_limits().max_call_time;
    case CallContext::Overdue::kNone:
      break;
  }
  return std::chrono::seconds(0);
}

Call::Clock::time_point Call::NextCheck(Clock::time_point now) const {
  Clock::time_point next = std::min({EndOfWrite(), EndOfRead(), EndOfTime()});
  // A write or read that begins later doesn't end before.
  for (const std::chrono::seconds timeout :
       {context_->time_limits().reader_timeout, sender_timeout()}) {
    if (timeout.count() != 0) next = std::min(next, now + timeout);
  }
  return next;
}

Call::Clock::time_point Call::EndOfTime() const {
  const std::chrono::seconds limit = context_->time_limits().max_call_time;
  if (limit.count() == 0 || is_live()) return Clock::time_point::max();
  return start_ + limit;
}

Call::Clock::time_point Call::EndOfWrite() const {
  return EndOf(writing_since_, context_->time_limits().reader_timeout);
}

Call::Clock::time_point Call::EndOfRead() const {
  return EndOf(reading_since_, sender_timeout());
}

std::chrono::seconds Call::CaptureSenderTimeout(bool has_begun) const {
  const std::chrono::seconds limit = context_->time_limits().sender_timeout;
  if (has_begun) return limit;
  return limit.count() == 0 ? kFirstBytesTimeout
                            : std::min(limit, kFirstBytesTimeout);
}

void Call::BeginWrite() { writing_since_ = Now(); }

void Call::BeginRead() { reading_since_ = Now(); }

grpc::Status Call::EndingWith(absl::Status status) {
  // The client has to read the status, too, and needn't send any more.
  BeginWrite();
  reading_since_ = 0;
  status_ = std::move(status);
  return ToGrpcStatus(status_);
}

void Call::Release() {
  // An answer for which the client didn't wait is no success. What gives up for
  // a client that has gone doesn't know why it has.
  const bool unread = context_->is_client_gone() && status_.ok();
  const bool given_up = context_->is_abandoned() && absl::IsCancelled(status_);
  context_->End(unread || given_up ? context_->CancelledStatus() : status_);
  // Runs after all tasks posted before.
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd::server
