// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_TRACKER_H_
#define SERVER_RPC_CALL_TRACKER_H_

#include <cstdint>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/errors.h"

namespace dissectd::server {

// Counts running calls, to limit them and so that stopping can wait for them.
// gRPC's own shutdown also waits for idle connections, which may last.
// Thread-safe.
class CallTracker {
 public:
  explicit CallTracker(uint32_t limit) : limit_(limit) {}

  // A running call. The tracker outlives it.
  class Token {
   public:
    Token() = default;
    explicit Token(CallTracker* tracker) : tracker_(tracker) {}
    Token(Token&& other) noexcept
        : tracker_(std::exchange(other.tracker_, nullptr)) {}
    Token& operator=(Token&& other) noexcept {
      std::swap(tracker_, other.tracker_);
      return *this;
    }
    ~Token() {
      if (tracker_ != nullptr) tracker_->Leave();
    }
    bool valid() const { return tracker_ != nullptr; }

   private:
    CallTracker* tracker_ = nullptr;
  };

  // Errors: SERVER_STOPPING if the tracker is closed, TOO_MANY_CALLS.
  absl::StatusOr<Token> Enter() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return errors::ServerStopping();
    if (calls_ == limit_) return errors::TooManyCalls(limit_);
    ++calls_;
    return Token(this);
  }

  // Refuses new calls, and waits until all have ended, at most for `timeout`.
  void CloseAndWait(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    const auto empty = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return calls_ == 0;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&empty), timeout);
  }

 private:
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    --calls_;
  }

  const uint32_t limit_;
  absl::Mutex mutex_;
  uint32_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_TRACKER_H_
