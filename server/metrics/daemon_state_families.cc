// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/daemon_families.h"
#include "server/metrics/server_families.h"

namespace dissectd::server::metrics {
namespace {

void AddQueues(const DaemonState& state, Families* families) {
  const struct {
    const char* name;
    const QueueState& queue;
  } queues[] = {{"files", state.file_queue},
                {"queries", state.query_queue},
                {"programs", state.program_queue}};
  {
    FamilyBuilder waiting(families, "dissectd_queue_waiting",
                          "What waits for its turn.", MetricType::Gauge);
    for (const auto& [name, queue] : queues) {
      waiting.Add(Double(queue.waiting), {{"queue", name}});
    }
  }
  FamilyBuilder running(families, "dissectd_queue_running",
                        "What has its turn.", MetricType::Gauge);
  for (const auto& [name, queue] : queues) {
    running.Add(Double(queue.running), {{"queue", name}});
  }
}

void AddStore(const DaemonState& state, Families* families) {
  AddGauge(families, "dissectd_store_bytes",
           "Disk space that uploads and exports take or have reserved.",
           Double(state.stored_bytes.used));
  AddGauge(families, "dissectd_store_quota_bytes",
           "The limit of that disk space.", Double(state.stored_bytes.limit));
  AddGauge(families, "dissectd_store_files",
           "Uploads, also unfinished ones, and exports.",
           Double(state.stored_files.used));
  AddGauge(families, "dissectd_store_files_limit", "The limit of their number.",
           Double(state.stored_files.limit));
  AddGauge(families, "dissectd_store_unfinished_uploads",
           "Uploads that aren't finished.", Double(state.unfinished_uploads));
  if (state.disk_bytes == 0) return;
  AddGauge(families, "dissectd_store_size_bytes",
           "Size of the store's file system.", Double(state.disk_bytes));
  AddGauge(families, "dissectd_store_free_bytes",
           "Space that is left there for the daemon's user.",
           Double(state.free_disk_bytes));
}

}  // namespace

void AddState(const DaemonState& state, Families* families) {
  AddGauge(families, "dissectd_engine_ready",
           "1 while all engines can start workers.",
           state.engines_ready ? 1 : 0);
  AddGauge(families, "dissectd_store_available",
           "1 while the folder of the store is there.",
           state.store_there ? 1 : 0);
  AddUses({{"calls", state.calls},
           {"workers", state.workers},
           {"captures", state.captures},
           {"sessions", state.sessions},
           {"connections", state.connections}},
          families);
  AddQueues(state, families);
  AddStore(state, families);
  AddGauge(families, "dissectd_session_memory_bytes",
           "Memory of the processes of all sessions.",
           Double(state.session_memory_bytes));
  AddGauge(families, "dissectd_session_checkpoints",
           "Checkpoints of all sessions.", Double(state.session_checkpoints));
  AddGauge(families, "dissectd_capture_followers",
           "Workers that read running captures.", Double(state.followers));
  AddGauge(families, "dissectd_capture_most_packets_behind",
           "Packets that the slowest of these workers has not asked for yet.",
           Double(state.most_packets_behind));
  AddGauge(families, "dissectd_capture_watchers",
           "Calls that watch the events of captures.", Double(state.watchers));
  AddGauge(families, "dissectd_capture_most_events_behind",
           "Events that the slowest of these calls has not sent yet.",
           Double(state.most_events_behind));
  AddCertificateExpiry(state.certificate_expiry, families);
}

}  // namespace dissectd::server::metrics
