// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/observed_parts.h"

#include <sys/statvfs.h>

#include <optional>

#include "absl/time/time.h"

namespace dissectd::server {
namespace {

void DescribeDisk(int folder, metrics::DaemonState* state) {
  struct statvfs disk = {};
  if (fstatvfs(folder, &disk) != 0) return;
  state->disk_bytes = disk.f_blocks * disk.f_frsize;
  state->free_disk_bytes = disk.f_bavail * disk.f_frsize;
}

}  // namespace

void DescribeLoop(const ObservedParts& parts, metrics::DaemonState* state) {
  const ServerConfig& config = *parts.config;
  const Captures& captures = *parts.capture->captures();
  state->captures = {captures.CountRunning(), config.max_captures};
  const Captures::Readers readers = captures.DescribeReaders();
  state->followers = readers.followers;
  state->most_packets_behind = readers.most_packets_behind;
  state->watchers = readers.watchers;
  state->most_events_behind = readers.most_events_behind;
  const Sessions::Totals sessions = parts.sessions->CountAll();
  state->sessions = {sessions.sessions, config.sessions.max_sessions};
  state->session_memory_bytes = sessions.memory_bytes;
  state->session_checkpoints = sessions.checkpoints;
  state->query_queue = {parts.queries->waiting(), parts.queries->running()};
  const CommandRunner& runner = *parts.capture->runner();
  state->program_queue = {runner.waiting(), runner.running()};
}

void DescribeOthers(const ObservedParts& parts, metrics::DaemonState* state) {
  const ServerConfig& config = *parts.config;
  state->calls = {parts.admission->running_calls(), config.max_calls};
  state->workers = {parts.admission->running_workers(), config.max_workers};
  state->connections = {parts.transport->CountConnections(),
                        config.transport.max_connections};
  state->file_queue = {parts.file_queue->waiting(),
                       parts.file_queue->running()};
  state->stored_bytes = {parts.uploads->used_bytes(),
                         config.upload_quota_bytes};
  state->stored_files = {parts.uploads->used_files(),
                         config.share.max_stored_files_of_all};
  state->unfinished_uploads = parts.uploads->CountUnfinished();
  DescribeDisk(parts.files->root_fd(), state);
  const std::optional<absl::Time> expiry = parts.transport->CertificateExpiry();
  if (expiry.has_value()) {
    state->certificate_expiry = absl::ToUnixSeconds(*expiry);
  }
}

}  // namespace dissectd::server
