// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_HANDOVER_H_
#define SERVER_TRANSPORT_HANDOVER_H_

#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dissectd::server {

// Gives connections to gRPC, each on a thread of its own: gRPC returns only
// when there is nothing left to read, so that a client which sends as fast as
// gRPC reads would stop the thread that accepts connections. Thread-safe.
class Handover {
 public:
  Handover() = default;
  // Waits until all are done.
  ~Handover();
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

  // Runs `give` on a thread of its own; on this one if the system has no thread
  // to spare.
  void Run(const std::function<void()>& give);

  // Waits until all are done, or for this time.
  void AwaitAll(absl::Duration timeout);

 private:
  bool IsIdle() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return running_ == 0;
  }
  void RunAndCount(const std::function<void()>& give);

  absl::Mutex mutex_;
  uint32_t running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_HANDOVER_H_
