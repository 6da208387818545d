// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_TRACKER_H_
#define SERVER_RPC_CALL_TRACKER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/base/errors.h"
#include "server/base/fair_share.h"
#include "server/base/key_counts.h"
#include "server/base/steady_event.h"

namespace dissectd::server {

// Counts running calls, to limit them, in total and for each caller by a
// FairShare, and so that stopping can wait for them. gRPC's own shutdown also
// waits for idle connections, which may last. Thread-safe.
class CallTracker {
 public:
  CallTracker(uint32_t limit, uint32_t limit_per_caller)
      : share_{limit, limit_per_caller} {}

  // A running call. The tracker outlives it.
  class Token {
   public:
    Token() = default;
    Token(CallTracker* tracker, std::string caller)
        : tracker_(tracker), caller_(std::move(caller)) {}
    Token(Token&& other) noexcept
        : tracker_(std::exchange(other.tracker_, nullptr)),
          caller_(std::move(other.caller_)) {}
    Token& operator=(Token&& other) noexcept {
      std::swap(tracker_, other.tracker_);
      std::swap(caller_, other.caller_);
      return *this;
    }
    ~Token() {
      if (tracker_ != nullptr) tracker_->Leave(caller_);
    }
    bool valid() const { return tracker_ != nullptr; }

   private:
    CallTracker* tracker_ = nullptr;
    std::string caller_;
  };

  // Errors: SERVER_STOPPING if the tracker is closed, TOO_MANY_CALLS,
  // TOO_MANY_CALLS_OF_CALLER.
  absl::StatusOr<Token> Enter(const std::string& caller)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return errors::ServerStopping();
    if (calls_ >= share_.limit) return errors::TooManyCalls(share_.limit);
    const uint32_t own = calls_of_.Of(caller);
    if (!share_.Allows(own, share_.limit - calls_)) {
      return errors::TooManyCallsOfCaller(own);
    }
    calls_of_.Add(caller);
    ++calls_;
    return Token(this, caller);
  }

  // Returns the number of calls that run.
  uint32_t running() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return calls_;
  }

  // Refuses new calls, and waits until all have ended, at most for `timeout`.
  void CloseAndWait(std::chrono::seconds timeout) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      const absl::MutexLock lock(&mutex_);
      closed_ = true;
      if (calls_ == 0) return;
    }
    all_left_.AwaitFor(timeout);
    // The last call has left completely.
    const absl::MutexLock lock(&mutex_);
  }

 private:
  void Leave(const std::string& caller) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    --calls_;
    calls_of_.Remove(caller);
    if (closed_ && calls_ == 0) all_left_.Notify();
  }

  const FairShare share_;
  absl::Mutex mutex_;
  uint32_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  KeyCounts calls_of_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  // Happens when the tracker is closed and the last call has left.
  SteadyEvent all_left_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_TRACKER_H_
