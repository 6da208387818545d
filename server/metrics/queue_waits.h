// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_QUEUE_WAITS_H_
#define SERVER_METRICS_QUEUE_WAITS_H_

#include <chrono>

#include "server/metrics/duration_counts.h"

namespace dissectd::server::metrics {

// The queues in which callers take turns.
enum class Queue { kFiles, kQueries, kPrograms };
inline constexpr int kQueues = 3;

// Returns how long what left the queue had waited.
DurationCounts* WaitsOf(Queue queue);

// Measures the time that an item waits in a queue: from its construction to
// End.
class Wait {
 public:
  void End(Queue queue) const {
    WaitsOf(queue)->Add(std::chrono::steady_clock::now() - begin_);
  }

 private:
  std::chrono::steady_clock::time_point begin_ =
      std::chrono::steady_clock::now();
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_QUEUE_WAITS_H_
