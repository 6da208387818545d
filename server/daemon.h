// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DAEMON_H_
#define SERVER_DAEMON_H_

#include <grpcpp/server.h>

#include <asio/thread_pool.hpp>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "server/base/io_loop.h"
#include "server/capture_service/live_capture.h"
#include "server/config.h"
#include "server/dissection/dissection_service.h"
#include "server/engine/engine_supervisor.h"
#include "server/file/file_service.h"
#include "server/query/export_service.h"
#include "server/query/filter_service.h"
#include "server/query/preference_service.h"
#include "server/query/query_pool.h"
#include "server/query/registry_service.h"
#include "server/query/server_service.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// All of the daemon, from its configuration to its end. One in a process.
class Daemon {
 public:
  // Opens the store, listens, and starts dissectd-engine. Errors: what can't be
  // opened, listened on or started, for the operator to read.
  static absl::StatusOr<std::unique_ptr<Daemon>> Start(
      const ServerConfig& config);

  // Stop, if that wasn't called.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Takes no more calls, lets those that run go on for the configured time,
  // then cancels them, and ends dissectd-engine.
  void Stop();

 private:
  Daemon(const ServerConfig& config, FileStore files)
      : config_(config),
        files_(std::move(files)),
        workers_(config.max_workers) {}

  absl::Status StartEngine();
  absl::Status PrepareCapture();
  absl::Status Listen();
  void SetServing(bool serving);

  const ServerConfig config_;
  const FileStore files_;
  std::unique_ptr<UploadStore> uploads_;
  WorkerLimit workers_;
  CallTracker tracker_;
  asio::thread_pool pool_{2};
  IoLoop loop_;
  // dissectd-engine is ready for the first time, or never will be.
  absl::Notification engine_settled_;
  bool engine_usable_ = true;
  std::unique_ptr<EngineSupervisor> engine_;
  std::unique_ptr<LiveCapture> capture_;
  std::unique_ptr<FileService> file_service_;
  std::unique_ptr<DissectionService> dissection_service_;
  std::unique_ptr<QueryPool> queries_;
  std::unique_ptr<RegistryService> registry_service_;
  std::unique_ptr<FilterService> filter_service_;
  std::unique_ptr<PreferenceService> preference_service_;
  std::unique_ptr<ExportService> export_service_;
  std::unique_ptr<ServerService> server_service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace dissectd::server

#endif  // SERVER_DAEMON_H_
