// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_COLLECTOR_H_
#define SERVER_METRICS_COLLECTOR_H_

#include "server/metrics/families.h"

namespace dissectd::server::metrics {

// Knows what a program tells beyond what all programs that serve calls tell.
class Collector {
 public:
  Collector() = default;
  virtual ~Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Appends families. Never called concurrently, and on a thread that may wait
  // for some seconds.
  virtual void Collect(Families* families) const = 0;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_COLLECTOR_H_
