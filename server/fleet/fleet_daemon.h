// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_DAEMON_H_
#define SERVER_FLEET_FLEET_DAEMON_H_

#include <grpcpp/server.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/fleet/fleet_config.h"
#include "server/fleet/fleet_service.h"
#include "server/fleet/frame_merger.h"
#include "server/fleet/node_credentials.h"
#include "server/fleet/node_watch.h"
#include "server/fleet/nodes.h"
#include "server/metrics/metrics.h"
#include "server/metrics/metrics_endpoint.h"
#include "server/rpc/admission.h"
#include "server/rpc/authenticator.h"
#include "server/rpc/call_log.h"
#include "server/rpc/file_queue.h"
#include "server/rpc/reflection.h"
#include "server/systemd/passed_sockets.h"
#include "server/transport/transport.h"

namespace dissectd::server {

// The whole of dissectd-fleet, from its configuration to its end. One in a
// process.
class FleetDaemon {
 public:
  // Listens, and begins to look for nodes. Errors: a message for the operator.
  static absl::StatusOr<std::unique_ptr<FleetDaemon>> Start(
      const FleetConfig& config, std::vector<PassedSocket> passed);

  ~FleetDaemon();
  FleetDaemon(const FleetDaemon&) = delete;
  FleetDaemon& operator=(const FleetDaemon&) = delete;

  // Makes health checks say NOT_SERVING. Returns for how long calls have to be
  // taken before Stop.
  std::chrono::seconds AnnounceStop();

  // Refuses new calls, lets running ones go on for the configured time, then
  // cancels them, and waits a moment for the nodes to end their captures.
  void Stop();

 private:
  struct Parts {
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Authenticator> authenticator;
    std::unique_ptr<NodeCredentials> credentials;
  };

  static absl::StatusOr<Parts> Open(const FleetConfig& config,
                                    std::vector<PassedSocket> passed);
  FleetDaemon(const FleetConfig& config, Parts parts);
  absl::Status Listen();
  absl::Status WatchNodes();
  // Serves metrics, if the operator wants it.
  absl::Status StartMetrics();

  const FleetConfig config_;
  const std::unique_ptr<Transport> transport_;
  // Null if callers aren't identified.
  const std::unique_ptr<Authenticator> authenticator_;
  const std::unique_ptr<NodeCredentials> credentials_;
  CallLog call_log_;
  const std::shared_ptr<metrics::Metrics> metrics_ =
      std::make_shared<metrics::Metrics>();
  Admission admission_;
  asio::thread_pool pool_{1};
  IoLoop loop_;
  FileQueue file_queue_{&pool_, &loop_};
  Nodes nodes_;
  // Every call to a node refers to it.
  std::shared_ptr<int> running_calls_ = std::make_shared<int>(0);
  // The mergers of all calls that run. Used on the loop's thread.
  std::set<const FrameMerger*> mergers_;
  FleetService service_;
  ReflectionService reflection_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<NodeWatch> watch_;
  // Null unless Prometheus may read metrics.
  std::unique_ptr<metrics::MetricsEndpoint> metrics_endpoint_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_DAEMON_H_
