// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_FAMILIES_H_
#define SERVER_METRICS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "server/metrics/call_counts.h"
#include "server/metrics/daemon_state.h"
#include "server/metrics/duration_counts.h"

// Makes Prometheus' families of what the daemon counts. docs/metrics.md lists
// them; a test compares.
namespace dissectd::server::metrics {

using Families = std::vector<prometheus::MetricFamily>;

// Builds the metrics of one family.
class FamilyBuilder {
 public:
  FamilyBuilder(Families* families, std::string name, std::string help,
                prometheus::MetricType type);

  using Labels = std::vector<prometheus::ClientMetric::Label>;
  FamilyBuilder& Add(double value, Labels labels = {});
  FamilyBuilder& Add(const DurationCounts& durations, Labels labels);

 private:
  prometheus::MetricFamily* const family_;
};

// Each function appends families.
void AddEvents(Families* families);
void AddCalls(const CallCounts& calls, Families* families);
void AddWorkers(Families* families);
void AddQueueWaits(Families* families);
void AddState(const DaemonState& state, Families* families);
// The daemon's own process, with the names that Prometheus' clients give to
// these in all programs.
void AddProcess(Families* families);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_FAMILIES_H_
