// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_RATE_H_
#define SERVER_RPC_CALL_RATE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dissectd::server {

// Limits how often each caller begins calls, by a bucket of tokens for each: a
// caller that was quiet for a second can begin the calls of a second at once.
// Thread-safe.
class CallRate {
 public:
  using Clock = std::chrono::steady_clock;

  // 0: no limit.
  explicit CallRate(uint32_t calls_per_second)
      : calls_per_second_(calls_per_second) {}

  uint32_t limit() const { return calls_per_second_; }

  // Returns whether the caller may begin a call now, and counts it if so.
  bool Take(const std::string& caller, Clock::time_point now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns whether the caller could begin no call now.
  bool IsUsedUp(const std::string& caller, Clock::time_point now) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the number of callers that take memory.
  size_t callers() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return buckets_.size();
  }

 private:
  struct Bucket {
    double tokens = 0;
    Clock::time_point refilled;
  };

  void Refill(Bucket* bucket, Clock::time_point now) const;
  // Forgets callers whose buckets are full, as a new bucket is full, too.
  void ForgetQuietCallers(Clock::time_point now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const uint32_t calls_per_second_;
  mutable absl::Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
  Clock::time_point last_sweep_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_RATE_H_
