// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/worker_counts.h"

namespace dissectd::server::metrics {
namespace {

std::array<WorkerKindCounts, kWorkerKinds> counts;

WorkerKindCounts* Of(ipc::WorkerKind kind) {
  return &counts[static_cast<size_t>(kind)];
}

void Raise(std::atomic<uint64_t>* highest, uint64_t value) {
  uint64_t known = highest->load(std::memory_order_relaxed);
  while (known < value && !highest->compare_exchange_weak(known, value)) {
  }
}

}  // namespace

void CountWorkerStart(ipc::WorkerKind kind) { Of(kind)->starts.Add(); }

void CountWorkerEnd(ipc::WorkerKind kind, WorkerEndCause cause,
                    const ipc::ProcessUsage& usage) {
  WorkerKindCounts* const of_kind = Of(kind);
  of_kind->ends[static_cast<size_t>(cause)].Add();
  of_kind->processor_microseconds.Add(usage.processor_microseconds);
  Raise(&of_kind->peak_resident_bytes, usage.peak_resident_bytes);
}

const WorkerKindCounts& CountsOf(ipc::WorkerKind kind) { return *Of(kind); }

}  // namespace dissectd::server::metrics
