// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/daemon_collector.h"

#include <optional>
#include <string>
#include <vector>

#include "server/metrics/daemon_families.h"
#include "server/version.h"

namespace dissectd::server::metrics {
namespace {

void AddBuild(const std::vector<std::string>& engines, Families* families) {
  FamilyBuilder builder(families, "dissectd_build_info",
                        "1 for each engine; the labels tell the versions.",
                        MetricType::Gauge);
  for (const std::string& engine : engines) {
    builder.Add(1, {{"version", std::string(kVersion)}, {"engine", engine}});
  }
}

}  // namespace

void DaemonCollector::Collect(Families* families) const {
  if (const std::optional<DaemonState> state = source_.Ask()) {
    AddState(*state, families);
    AddBuild(state->engines, families);
  }
  AddWorkers(families);
  AddQueueWaits(families);
  // The last ones, as they tell whether the state is missing.
  AddDaemonEvents(families);
}

}  // namespace dissectd::server::metrics
