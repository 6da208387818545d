// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/families.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace dissectd::server::metrics {

FamilyBuilder::FamilyBuilder(Families* families, std::string name,
                             std::string help, MetricType type)
    : family_(&families->emplace_back()) {
  family_->name = std::move(name);
  family_->help = std::move(help);
  family_->type = type;
}

FamilyBuilder& FamilyBuilder::Add(double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  if (family_->type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family_->metric.push_back(std::move(metric));
  return *this;
}

FamilyBuilder& FamilyBuilder::Add(const DurationCounts& durations,
                                  Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  const auto counts = durations.counts();
  uint64_t cumulative = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    metric.histogram.bucket.push_back(
        {cumulative, i < DurationCounts::kBounds.size()
                         ? DurationCounts::kBounds[i]
                         : std::numeric_limits<double>::infinity()});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = durations.total_seconds();
  family_->metric.push_back(std::move(metric));
  return *this;
}

void AddGauge(Families* families, const char* name, const char* help,
              double value) {
  FamilyBuilder(families, name, help, MetricType::Gauge).Add(value);
}

}  // namespace dissectd::server::metrics
