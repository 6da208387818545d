// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_H_
#define SERVER_METRICS_METRICS_H_

#include <prometheus/metric_family.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/base/io_loop.h"
#include "server/metrics/call_counts.h"
#include "server/metrics/daemon_state.h"

namespace dissectd::server::metrics {

// Everything that Prometheus, or an operator, can read about the daemon.
// Thread-safe.
class Metrics {
 public:
  // Fills in a part of the state.
  using Describe = std::function<void(DaemonState* state)>;
  struct Source {
    // Not owned; outlives the source.
    IoLoop* loop;
    // Called on the loop's thread.
    Describe describe_on_loop;
    // Called on a thread that may block.
    Describe describe;
  };

  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Counts all calls.
  CallObserver* observer() { return &calls_; }

  // Sets where the state comes from; null from when it can't be asked any more.
  // Waits for those who are asking.
  void SetSource(std::unique_ptr<Source> source) ABSL_LOCKS_EXCLUDED(mutex_);

  // Collects all metrics. Waits for the loop for a moment: without its answer,
  // the state is missing. Not on the loop's thread.
  std::vector<prometheus::MetricFamily> Collect() const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns all metrics in Prometheus' text format, as Collect.
  std::string Text() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  CallCounts calls_;
  // Held while the source is asked, which takes turns.
  mutable absl::Mutex mutex_;
  std::unique_ptr<Source> source_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_H_
