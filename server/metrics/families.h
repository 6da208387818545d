// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_FAMILIES_H_
#define SERVER_METRICS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <vector>

#include "server/metrics/duration_counts.h"

// Makes Prometheus' families. Those who use this need not know prometheus-cpp.
// docs/metrics.md lists all families; tests compare.
namespace dissectd::server::metrics {

using Families = std::vector<prometheus::MetricFamily>;
using MetricType = prometheus::MetricType;

// Returns a count as the kind of number that metrics have.
inline double Double(uint64_t count) { return static_cast<double>(count); }

// Builds the metrics of one family.
class FamilyBuilder {
 public:
  FamilyBuilder(Families* families, std::string name, std::string help,
                MetricType type);

  using Labels = std::vector<prometheus::ClientMetric::Label>;
  FamilyBuilder& Add(double value, Labels labels = {});
  FamilyBuilder& Add(const DurationCounts& durations, Labels labels);

 private:
  prometheus::MetricFamily* const family_;
};

// Appends a family with one value, which has no labels.
void AddGauge(Families* families, const char* name, const char* help,
              double value);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_FAMILIES_H_
