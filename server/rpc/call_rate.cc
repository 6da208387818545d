// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_rate.h"

#include <algorithm>
#include <iterator>

namespace dissectd::server {
namespace {

// A bucket is full after a second at most, so that hardly any quiet caller is
// remembered for longer than twice this time.
constexpr std::chrono::seconds kSweepInterval(1);

}  // namespace

bool CallRate::Take(const std::string& caller, Clock::time_point now) {
  if (calls_per_second_ == 0) return true;
  absl::MutexLock lock(&mutex_);
  if (now - last_sweep_ >= kSweepInterval) ForgetQuietCallers(now);
  const double full = calls_per_second_;
  Bucket& bucket =
      buckets_.try_emplace(caller, Bucket{full, now}).first->second;
  Refill(&bucket, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool CallRate::IsUsedUp(const std::string& caller,
                        Clock::time_point now) const {
  if (calls_per_second_ == 0) return false;
  absl::MutexLock lock(&mutex_);
  const auto found = buckets_.find(caller);
  if (found == buckets_.end()) return false;
  Bucket bucket = found->second;
  Refill(&bucket, now);
  return bucket.tokens < 1;
}

void CallRate::Refill(Bucket* bucket, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - bucket->refilled;
  const double full = calls_per_second_;
  bucket->tokens = std::min(full, bucket->tokens + passed.count() * full);
  bucket->refilled = now;
}

void CallRate::ForgetQuietCallers(Clock::time_point now) {
  last_sweep_ = now;
  const double full = calls_per_second_;
  for (auto it = buckets_.begin(); it != buckets_.end();) {
    Refill(&it->second, now);
    it = it->second.tokens >= full ? buckets_.erase(it) : std::next(it);
  }
}

}  // namespace dissectd::server
