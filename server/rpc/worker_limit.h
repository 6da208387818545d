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
    Permit(Permit&& other) noexcept { *this = std::move(other); }
    Permit& operator=(Permit&& other) noexcept {
      std::swap(limit_, other.limit_);
      std::swap(caller_, other.caller_);
      std::swap(ends_soon_, other.ends_soon_);
      return *this;
    }
    ~Permit() {
      if (limit_ != nullptr) limit_->Return(caller_, ends_soon_);
    }
    bool valid() const { return limit_ != nullptr; }

    // Says that the worker has been told to end, which takes it a moment. A
    // client whose call is over may make the next one before the process is
    // gone.
    void EndSoon() {
      if (limit_ == nullptr || std::exchange(ends_soon_, true)) return;
      limit_->LetEnd(caller_);
    }

   private:
    WorkerLimit* limit_ = nullptr;
    std::string caller_;
    bool ends_soon_ = false;
  };

  // Takes a permit. Workers that end soon count only if there are as many of
  // them as the limit allows. Errors: TOO_MANY_WORKERS,
  // TOO_MANY_WORKERS_OF_CALLER.
  absl::StatusOr<Permit> Take(const std::string& caller)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const uint32_t all = running_.all + Excess(ending_.all, share_.limit);
    if (all >= share_.limit) return errors::TooManyWorkers(share_.limit);
    const uint32_t own =
        running_.by_caller.Of(caller) +
        Excess(ending_.by_caller.Of(caller), share_.limit_per_caller);
    if (!share_.Allows(own, share_.limit - all)) {
      return errors::TooManyWorkersOfCaller(own);
    }
    running_.Add(caller);
    return Permit(this, caller);
  }

  // Returns the number of permits that count.
  uint32_t taken() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return running_.all + Excess(ending_.all, share_.limit);
  }

 private:
  struct Counts {
    uint32_t all = 0;
    KeyCounts by_caller;

    void Add(const std::string& caller) {
      ++all;
      by_caller.Add(caller);
    }
    void Remove(const std::string& caller) {
      --all;
      by_caller.Remove(caller);
    }
  };

  static uint32_t Excess(uint32_t count, uint32_t limit) {
    return count > limit ? count - limit : 0;
  }

  void LetEnd(const std::string& caller) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    running_.Remove(caller);
    ending_.Add(caller);
  }

  void Return(const std::string& caller, bool ends_soon)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    (ends_soon ? ending_ : running_).Remove(caller);
  }

  const FairShare share_;
  absl::Mutex mutex_;
  Counts running_ ABSL_GUARDED_BY(mutex_);
  // Workers that were told to end.
  Counts ending_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_WORKER_LIMIT_H_
