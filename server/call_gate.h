// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CALL_GATE_H_
#define SERVER_CALL_GATE_H_

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dissectd {

// Counts the calls under way, so that stopping can wait for them. gRPC's own
// shutdown waits for idle connections as well, which may last. Thread-safe.
class CallGate {
 public:
  // One call under way. The gate outlives it.
  class Pass {
   public:
    Pass() = default;
    explicit Pass(CallGate* gate) : gate_(gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(gate_, other.gate_);
      return *this;
    }
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }
    bool valid() const { return gate_ != nullptr; }

   private:
    CallGate* gate_ = nullptr;
  };

  // Returns an invalid pass if the gate is closed.
  Pass Enter() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return Pass();
    ++calls_;
    return Pass(this);
  }

  // Lets no more calls in, and waits until all have left, or for `timeout`.
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

  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dissectd

#endif  // SERVER_CALL_GATE_H_
