// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_WORKER_LIMIT_H_
#define SERVER_RPC_WORKER_LIMIT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/base/errors.h"
#include "server/base/fair_share.h"
#include "server/base/key_counts.h"

namespace dissectd::server {

// Limits the number of worker processes, in total and for each caller by a
// FairShare. Thread-safe.
class WorkerLimit {
 public:
  WorkerLimit(uint32_t limit, uint32_t limit_per_caller)
      : share_{limit, limit_per_caller} {}

  // A permit for one worker, returned on destruction. The limit outlives it.
  class Permit {
   public:
    Permit() = default;
    Permit(WorkerLimit* limit, std::string caller)
        : limit_(limit), caller_(std::move(caller)) {}
    Permit(Permit&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)),
          caller_(std::move(other.caller_)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(limit_, other.limit_);
      std::swap(caller_, other.caller_);
      return *this;
    }
    ~Permit() {
      if (limit_ != nullptr) limit_->Return(caller_);
    }
    bool valid() const { return limit_ != nullptr; }

   private:
    WorkerLimit* limit_ = nullptr;
    std::string caller_;
  };

  // Takes a permit. Errors: TOO_MANY_WORKERS, TOO_MANY_WORKERS_OF_CALLER.
  absl::StatusOr<Permit> Take(const std::string& caller)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (used_ >= share_.limit) return errors::TooManyWorkers(share_.limit);
    const uint32_t own = used_by_.Of(caller);
    if (!share_.Allows(own, share_.limit - used_)) {
      return errors::TooManyWorkersOfCaller(own);
    }
    used_by_.Add(caller);
    ++used_;
    return Permit(this, caller);
  }

 private:
  void Return(const std::string& caller) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    --used_;
    used_by_.Remove(caller);
  }

  const FairShare share_;
  absl::Mutex mutex_;
  uint32_t used_ ABSL_GUARDED_BY(mutex_) = 0;
  KeyCounts used_by_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_WORKER_LIMIT_H_
