// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_COLLECTOR_H_
#define SERVER_FLEET_FLEET_COLLECTOR_H_

#include <utility>

#include "server/fleet/fleet_state.h"
#include "server/metrics/collector.h"
#include "server/metrics/families.h"
#include "server/metrics/state_source.h"

namespace dissectd::server {

// Knows what dissectd-fleet tells Prometheus. While its loop is too busy, the
// state is missing.
class FleetCollector final : public metrics::Collector {
 public:
  explicit FleetCollector(metrics::StateSource<FleetState> source)
      : source_(std::move(source)) {}

  void Collect(metrics::Families* families) const override;

 private:
  const metrics::StateSource<FleetState> source_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_COLLECTOR_H_
