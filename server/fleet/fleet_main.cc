// SPDX-License-Identifier: GPL-2.0-or-later

// dissectd-fleet: serves the daemons of many machines as one. Ends on SIGTERM
// or SIGINT.

#include <grpc/grpc.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/library_logs.h"
#include "server/fleet/fleet_config.h"
#include "server/fleet/fleet_daemon.h"
#include "server/process/stop_signals.h"
#include "server/systemd/passed_sockets.h"
#include "server/systemd/service_notifier.h"
#include "spdlog/spdlog.h"

int main(int argc, char** argv) {
  using dissectd::server::FleetDaemon;
  dissectd::server::KeepDescriptorsPrivate();
  dissectd::server::ServiceNotifier notifier;
  absl::StatusOr<std::vector<dissectd::server::PassedSocket>> passed =
      dissectd::server::TakePassedSockets();
  dissectd::server::FleetConfig config;
  if (const std::optional<int> exit_status =
          dissectd::server::ParseFleetConfig(argc, argv, &config)) {
    return *exit_status;
  }
  dissectd::ConfigureLogging("dissectd-fleet", config.log);
  if (!passed.ok()) {
    spdlog::error("{}", std::string(passed.status().message()));
    return EXIT_FAILURE;
  }
  dissectd::server::RedirectLibraryLogs();
  dissectd::server::BlockStopSignals();
  // Holds an extra gRPC reference: grpc_shutdown() can block for ten seconds
  // after a client disconnects.
  grpc_init();
  const absl::StatusOr<std::unique_ptr<FleetDaemon>> daemon =
      FleetDaemon::Start(config, *std::move(passed));
  if (!daemon.ok()) {
    spdlog::error("{}", std::string(daemon.status().message()));
    return EXIT_FAILURE;
  }
  notifier.Ready();
  const int signal = dissectd::server::AwaitStopSignal();
  notifier.Stopping();
  if (signal == SIGTERM) {
    dissectd::server::AwaitInterrupt((*daemon)->AnnounceStop());
  }
  (*daemon)->Stop();
  // Skips destructors of static objects, as gRPC's threads still run.
  std::_Exit(EXIT_SUCCESS);
}
