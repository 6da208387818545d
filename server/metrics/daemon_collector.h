// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_DAEMON_COLLECTOR_H_
#define SERVER_METRICS_DAEMON_COLLECTOR_H_

#include <utility>

#include "server/metrics/collector.h"
#include "server/metrics/daemon_state.h"
#include "server/metrics/state_source.h"

namespace dissectd::server::metrics {

// Knows what dissectd tells. While its loop is too busy, the state is missing.
class DaemonCollector final : public Collector {
 public:
  explicit DaemonCollector(StateSource<DaemonState> source)
      : source_(std::move(source)) {}

  void Collect(Families* families) const override;

 private:
  const StateSource<DaemonState> source_;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_DAEMON_COLLECTOR_H_
