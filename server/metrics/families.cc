// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/families.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "server/metrics/queue_waits.h"
#include "server/metrics/worker_counts.h"

namespace dissectd::server::metrics {
namespace {

using prometheus::MetricType;

struct Kind {
  ipc::WorkerKind kind;
  const char* name;
};

constexpr Kind kKinds[] = {
    {ipc::WorkerKind::kDissection, "dissection"},
    {ipc::WorkerKind::kLive, "live"},
    {ipc::WorkerKind::kStatistics, "statistics"},
    {ipc::WorkerKind::kQuery, "query"},
    {ipc::WorkerKind::kEngineQuery, "engine_query"},
    {ipc::WorkerKind::kSession, "session"},
    {ipc::WorkerKind::kLiveSession, "live_session"},
};

// By WorkerEndCause.
constexpr std::array<const char*, kWorkerEndCauses> kCauses = {
    "finished",    "stopped",     "crashed",
    "killed",      "out_of_time", "broken_protocol",
    "not_started", "engine_died", "engine_unavailable",
};

// By Queue.
constexpr std::array<const char*, kQueues> kQueueNames = {"files", "queries",
                                                          "programs"};

uint64_t RunningOf(const WorkerKindCounts& counts) {
  uint64_t ended = 0;
  for (const Counter& end : counts.ends) ended += end.value();
  const uint64_t started = counts.starts.value();
  return started - std::min(started, ended);
}

double Double(uint64_t value) { return static_cast<double>(value); }

}  // namespace

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

void AddWorkers(Families* families) {
  {
    FamilyBuilder running(families, "dissectd_workers_running",
                          "Worker processes that run, by their kind.",
                          MetricType::Gauge);
    for (const Kind& kind : kKinds) {
      running.Add(Double(RunningOf(CountsOf(kind.kind))),
                  {{"kind", kind.name}});
    }
  }
  {
    FamilyBuilder starts(families, "dissectd_worker_starts_total",
                         "Worker processes that were requested.",
                         MetricType::Counter);
    for (const Kind& kind : kKinds) {
      starts.Add(Double(CountsOf(kind.kind).starts.value()),
                 {{"kind", kind.name}});
    }
  }
  {
    FamilyBuilder ends(families, "dissectd_worker_ends_total",
                       "Worker processes that ended, by the cause.",
                       MetricType::Counter);
    for (const Kind& kind : kKinds) {
      for (size_t cause = 0; cause < kCauses.size(); ++cause) {
        ends.Add(Double(CountsOf(kind.kind).ends[cause].value()),
                 {{"kind", kind.name}, {"cause", kCauses[cause]}});
      }
    }
  }
  {
    constexpr double kPerSecond = 1e6;
    FamilyBuilder time(families, "dissectd_worker_processor_seconds_total",
                       "Processor time of worker processes that ended, with "
                       "that of their forks.",
                       MetricType::Counter);
    for (const Kind& kind : kKinds) {
      time.Add(Double(CountsOf(kind.kind).processor_microseconds.value()) /
                   kPerSecond,
               {{"kind", kind.name}});
    }
  }
  FamilyBuilder memory(families, "dissectd_worker_peak_memory_bytes",
                       "The most memory that a worker process of this kind had "
                       "when it ended.",
                       MetricType::Gauge);
  for (const Kind& kind : kKinds) {
    memory.Add(Double(CountsOf(kind.kind).peak_resident_bytes),
               {{"kind", kind.name}});
  }
}

void AddQueueWaits(Families* families) {
  FamilyBuilder waits(families, "dissectd_queue_wait_seconds",
                      "Time that calls waited for their turn.",
                      MetricType::Histogram);
  for (int i = 0; i < kQueues; ++i) {
    waits.Add(*WaitsOf(static_cast<Queue>(i)),
              {{"queue", kQueueNames[static_cast<size_t>(i)]}});
  }
}

}  // namespace dissectd::server::metrics
