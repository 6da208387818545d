// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_H_
#define SERVER_METRICS_METRICS_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/metrics/call_counts.h"
#include "server/metrics/collector.h"
#include "server/metrics/families.h"

namespace dissectd::server::metrics {

// Everything that Prometheus, or an operator, can read about a program that
// serves calls. Thread-safe.
class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Counts all calls.
  CallObserver* observer() { return &calls_; }

  // Sets who knows what only this program tells; null from when that can't be
  // asked any more. Waits for those who are asking.
  void SetCollector(std::unique_ptr<const Collector> collector)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Collects all metrics, which takes as long as the collector. Not on a
  // thread that the collector waits for.
  Families Collect() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns all metrics in Prometheus' text format, as Collect.
  std::string Text() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  CallCounts calls_;
  // Held while the collector is asked, which takes turns.
  mutable absl::Mutex mutex_;
  std::unique_ptr<const Collector> collector_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_H_
