// SPDX-License-Identifier: GPL-2.0-or-later

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "server/metrics/server_families.h"

namespace dissectd::server::metrics {
void AddCalls(const CallCounts& calls, Families* families) {
  const std::vector<const MethodCounts*> methods = calls.methods();
  {
    FamilyBuilder started(families, "dissectd_calls_started_total",
                          "Calls that began, also those that were refused.",
                          MetricType::Counter);
    for (const MethodCounts* method : methods) {
      started.Add(Double(method->starts.value()), {{"method", method->name}});
    }
  }
  {
    FamilyBuilder ended(families, "dissectd_calls_total",
                        "Calls that ended, by their status.",
                        MetricType::Counter);
    for (const MethodCounts* method : methods) {
      for (size_t code = 0; code < method->ends.size(); ++code) {
        const uint64_t count = method->ends[code].value();
        if (count == 0) continue;
        ended.Add(Double(count),
                  {{"method", method->name},
                   {"status", absl::StatusCodeToString(
                                  static_cast<absl::StatusCode>(code))}});
      }
    }
  }
  {
    FamilyBuilder running(families, "dissectd_calls_running", "Calls that run.",
                          MetricType::Gauge);
    for (const MethodCounts* method : methods) {
      running.Add(Double(method->running()),
                  {{"method", method->name}, {"type", method->type}});
    }
  }
  {
    FamilyBuilder durations(families, "dissectd_call_duration_seconds",
                            "Time from a call's beginning to its end.",
                            MetricType::Histogram);
    for (const MethodCounts* method : methods) {
      durations.Add(method->durations, {{"method", method->name}});
    }
  }
  FamilyBuilder failures(families, "dissectd_call_failures_total",
                         "Calls that failed or were refused, by the reason of "
                         "their status.",
                         MetricType::Counter);
  for (const auto& [reason, count] : calls.failures()) {
    failures.Add(Double(count), {{"reason", reason}});
  }
}

}  // namespace dissectd::server::metrics
