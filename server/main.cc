// SPDX-License-Identifier: GPL-2.0-or-later

// dissectd: serves dissection to gRPC clients. Ends on SIGTERM or SIGINT.

#include <grpc/grpc.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/library_logs.h"
#include "server/base/recent_log.h"
#include "server/base/replica.h"
#include "server/config.h"
#include "server/daemon.h"
#include "server/process/daemon_user.h"
#include "server/process/stop_signals.h"
#include "server/systemd/passed_sockets.h"
#include "server/systemd/service_notifier.h"
#include "spdlog/spdlog.h"

namespace {

using dissectd::server::Daemon;

// Waits until the daemon has to stop, and what then becomes of captures. An
// operator at a terminal, who interrupts it, waits for nothing, and is done
// with the captures, too.
Daemon::RunningCaptures AwaitStop(Daemon* daemon,
                                  dissectd::server::ServiceNotifier* notifier) {
  const int signal = dissectd::server::AwaitStopSignal();
  notifier->Stopping();
  if (signal == SIGINT) return Daemon::RunningCaptures::kStop;
  if (!dissectd::server::AwaitInterrupt(daemon->AnnounceStop())) {
    return Daemon::RunningCaptures::kKeep;
  }
  spdlog::info("interrupted: shutting down at once");
  return Daemon::RunningCaptures::kStop;
}

// Becomes the user that the operator wants.
absl::Status UseUser(const std::string& name) {
  return name.empty() ? absl::OkStatus() : dissectd::server::BecomeUser(name);
}

}  // namespace

int main(int argc, char** argv) {
  dissectd::server::KeepDescriptorsPrivate();
  dissectd::server::ServiceNotifier notifier;
  absl::StatusOr<std::vector<dissectd::server::PassedSocket>> passed =
      dissectd::server::TakePassedSockets();
  dissectd::server::ServerConfig config;
  if (const std::optional<int> exit_status =
          dissectd::server::ParseConfig(argc, argv, &config)) {
    return *exit_status;
  }
  dissectd::server::SetReplica(config.replica);
  const auto recent_log = std::make_shared<dissectd::server::RecentLog>();
  dissectd::ConfigureLogging("dissectd", config.log, {recent_log});
  if (!passed.ok()) {
    spdlog::error("{}", std::string(passed.status().message()));
    return EXIT_FAILURE;
  }
  const absl::Status is_user = UseUser(config.isolation.user);
  if (!is_user.ok()) {
    spdlog::error("{}", std::string(is_user.message()));
    return EXIT_FAILURE;
  }
  dissectd::server::RedirectLibraryLogs();
  dissectd::server::BlockStopSignals();

  // Holds an extra gRPC reference: grpc_shutdown() can block for ten seconds
  // after a client disconnects.
  grpc_init();
  const absl::StatusOr<std::unique_ptr<Daemon>> daemon =
      Daemon::Start(config, {recent_log, *std::move(passed), &notifier});
  const std::string& user = config.isolation.user;
  if (!daemon.ok()) {
    spdlog::error("{}{}", std::string(daemon.status().message()),
                  user.empty() ? "" : " (as user \"" + user + "\")");
    return EXIT_FAILURE;
  }
  if (user.empty() && geteuid() == 0) {
    spdlog::warn("running as root; --user=NAME makes the daemon another user");
  }
  notifier.Ready();
  (*daemon)->Stop(AwaitStop(daemon->get(), &notifier));
  // Skips destructors of static objects, as gRPC's threads still run.
  std::_Exit(EXIT_SUCCESS);
}
