// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_DAEMON_STATE_H_
#define SERVER_METRICS_DAEMON_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/metrics/use.h"

namespace dissectd::server::metrics {

// What waits for its turn, and what has it.
struct QueueState {
  size_t waiting = 0;
  size_t running = 0;
};

// The state of the daemon's parts at one moment.
struct DaemonState {
  // The ids of the engines that have been ready, as `wireshark-4.0.17`.
  std::vector<std::string> engines;
  // Whether all engines can start workers.
  bool engines_ready = false;
  bool store_there = false;

  Use calls;
  Use workers;
  Use captures;
  Use sessions;
  Use connections;

  QueueState file_queue;
  QueueState query_queue;
  QueueState program_queue;

  // What sessions share counts once.
  uint64_t session_memory_bytes = 0;
  uint64_t session_checkpoints = 0;

  // Workers that follow captures, and how many packets the one that is furthest
  // behind hasn't asked for yet.
  uint64_t followers = 0;
  uint64_t most_packets_behind = 0;
  // Calls that watch the events of captures, and how many events the one that
  // is furthest behind hasn't sent yet.
  uint64_t watchers = 0;
  uint64_t most_events_behind = 0;

  // Uploads and exports, of all callers.
  Use stored_bytes;
  Use stored_files;
  uint64_t unfinished_uploads = 0;

  // The file system of the store; all 0 if it doesn't tell.
  uint64_t disk_bytes = 0;
  uint64_t free_disk_bytes = 0;

  // Absent without TLS.
  std::optional<int64_t> certificate_expiry;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_DAEMON_STATE_H_
