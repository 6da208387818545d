// SPDX-License-Identifier: GPL-2.0-or-later

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "server/metrics/daemon_families.h"
#include "server/metrics/queue_waits.h"
#include "server/metrics/worker_counts.h"

namespace dissectd::server::metrics {
namespace {

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

}  // namespace

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
