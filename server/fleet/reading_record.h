// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_READING_RECORD_H_
#define SERVER_FLEET_READING_RECORD_H_

#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dissectd::server {

// How it goes to read something again and again. Thread-safe.
class ReadingRecord {
 public:
  struct State {
    // Whether the last attempt succeeded.
    bool succeeded = false;
    // Absent if none has succeeded.
    std::optional<absl::Time> last_success;
    uint64_t failures = 0;
  };

  // Adds an attempt that ends now.
  void Note(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    state_.succeeded = status.ok();
    if (status.ok()) {
      state_.last_success = absl::Now();
    } else {
      ++state_.failures;
    }
  }

  State state() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return state_;
  }

 private:
  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_READING_RECORD_H_
