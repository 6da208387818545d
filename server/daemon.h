// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DAEMON_H_
#define SERVER_DAEMON_H_

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/base/recent_log.h"
#include "server/base/steady_event.h"
#include "server/capture_service/live_capture.h"
#include "server/config.h"
#include "server/dissection/crashing_frames.h"
#include "server/engine/engines.h"
#include "server/metrics/metrics.h"
#include "server/metrics/metrics_endpoint.h"
#include "server/policy/authorization.h"
#include "server/query/engine_answers.h"
#include "server/query/query_pool.h"
#include "server/rpc/admission.h"
#include "server/rpc/authenticator.h"
#include "server/rpc/call_log.h"
#include "server/rpc/file_queue.h"
#include "server/rpc/reflection.h"
#include "server/rpc/rpc_service.h"
#include "server/session/sessions.h"
#include "server/store/file_store.h"
#include "server/store/store_watch.h"
#include "server/store/upload_store.h"
#include "server/systemd/passed_sockets.h"
#include "server/systemd/service_notifier.h"
#include "server/systemd/watchdog.h"
#include "server/transport/transport.h"

namespace dissectd::server {

// The whole daemon, from its configuration to its end. One in a process.
class Daemon {
 public:
  struct Deps {
    // The last lines of the log, for diagnostics.
    std::shared_ptr<RecentLog> log;
    // Sockets that systemd opened for the daemon.
    std::vector<PassedSocket> passed;
    // Is told about the daemon's state. Not owned; outlives the daemon.
    ServiceNotifier* notifier;
  };

  // Opens the store, listens, and starts dissectd-engine. Errors: a message for
  // the operator about what can't be opened, listened on or started.
  static absl::StatusOr<std::unique_ptr<Daemon>> Start(
      const ServerConfig& config, Deps deps);

  // Calls Stop with kKeep unless it was called.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Makes health checks say NOT_SERVING. Returns for how long calls have to be
  // taken before Stop, as balancers need time to send them elsewhere.
  std::chrono::seconds AnnounceStop();

  // Refuses new calls, lets running ones go on for the configured time, then
  // cancels them, and ends dissectd-engine. With kKeep, captures that can go on
  // are left to the next daemon, if the configuration says so.
  enum class RunningCaptures { kStop, kKeep };
  void Stop(RunningCaptures captures);

 private:
  // What has to be opened before there can be a daemon.
  struct Parts {
    FileStore files;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Authenticator> authenticator;
    std::unique_ptr<Authorization> authorization;
  };

  static absl::StatusOr<Parts> Open(const ServerConfig& config,
                                    std::vector<PassedSocket> passed);
  Daemon(const ServerConfig& config, Parts parts, ServiceNotifier* notifier);

  // Runs the task on the loop's thread, and waits for its end.
  absl::Status OnLoop(absl::FunctionRef<absl::Status()> task);

  absl::Status StartEngines();
  absl::Status PrepareCapture();
  absl::Status AddServices();
  absl::Status Listen();
  void WatchStore();
  // Makes the metrics tell about the parts, and serves them if the operator
  // wants it.
  absl::Status StartMetrics();

  // Called on the loop's thread.
  void OnEngineReadyChanged(EngineSupervisor* engine);
  bool AllEnginesReady() const;
  void UpdateHealth();

  const ServerConfig config_;
  std::shared_ptr<RecentLog> recent_log_;
  ServiceNotifier* const notifier_;
  FileStore files_;
  const std::unique_ptr<Transport> transport_;
  std::unique_ptr<UploadStore> uploads_;
  CallLog call_log_;
  const std::shared_ptr<metrics::Metrics> metrics_ =
      std::make_shared<metrics::Metrics>();
  // Null if callers aren't identified.
  const std::unique_ptr<Authenticator> authenticator_;
  const std::unique_ptr<Authorization> authorization_;
  Admission admission_;
  // Null unless frames that crash dissectors are kept. Used by the pool.
  std::unique_ptr<CrashingFrames> crashing_frames_;
  // One thread is left for captures, whatever calls do.
  asio::thread_pool pool_{FileQueue::kThreads + 1};
  IoLoop loop_;
  Watchdog watchdog_{&loop_, notifier_};
  FileQueue file_queue_{&pool_, &loop_};
  // The dependencies of every service.
  const RpcService::Deps rpc_;
  // Notified when each engine has been ready, or never will be.
  SteadyEvent engines_settled_;
  std::unique_ptr<Engines> engines_;
  std::unique_ptr<LiveCapture> capture_;
  std::unique_ptr<QueryPool> queries_;
  std::unique_ptr<EngineAnswers> engine_answers_;
  std::unique_ptr<Sessions> sessions_;
  // The services that the daemon owns, and all services.
  std::vector<std::unique_ptr<RpcService>> own_services_;
  std::vector<RpcService*> services_;
  ReflectionService reflection_;
  std::unique_ptr<grpc::Server> server_;

  // The server's health service, once it listens. Used on the loop's thread.
  grpc::HealthCheckServiceInterface* health_ = nullptr;
  bool store_there_ = true;
  // Null until the services exist.
  EngineAnswers* answers_ = nullptr;
  std::unique_ptr<StoreWatch> store_watch_;
  // Null unless Prometheus may read metrics.
  std::unique_ptr<metrics::MetricsEndpoint> metrics_endpoint_;
};

}  // namespace dissectd::server

#endif  // SERVER_DAEMON_H_
