// SPDX-License-Identifier: GPL-2.0-or-later

// dissectd: serves dissection to gRPC clients. Ends on SIGTERM or SIGINT.

#include <grpc/grpc.h>
#include <unistd.h>

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
#include "server/config.h"
#include "server/daemon.h"
#include "server/process/daemon_user.h"
#include "server/systemd/passed_sockets.h"
#include "server/systemd/service_notifier.h"
#include "spdlog/spdlog.h"

namespace {

sigset_t EndingSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// Keeps descriptors that this process has inherited, perhaps by mistake, from
// the programs that it starts.
void KeepDescriptorsPrivate() {
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

// Becomes the user that the operator wants.
absl::Status UseUser(const std::string& name) {
  return name.empty() ? absl::OkStatus() : dissectd::server::BecomeUser(name);
}

}  // namespace

int main(int argc, char** argv) {
  KeepDescriptorsPrivate();
  dissectd::server::ServiceNotifier notifier;
  absl::StatusOr<std::vector<dissectd::server::PassedSocket>> passed =
      dissectd::server::TakePassedSockets();
  dissectd::server::ServerConfig config;
  if (const std::optional<int> exit_status =
          dissectd::server::ParseConfig(argc, argv, &config)) {
    return *exit_status;
  }
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
  // These signals are blocked in every thread that starts after this; sigwait
  // below waits for them.
  const sigset_t ending = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  // Holds an extra gRPC reference: grpc_shutdown() can block for ten seconds
  // after a client disconnects.
  grpc_init();
  const absl::StatusOr<std::unique_ptr<dissectd::server::Daemon>> daemon =
      dissectd::server::Daemon::Start(
          config, {recent_log, *std::move(passed), &notifier});
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
  int signal = 0;
  sigwait(&ending, &signal);
  spdlog::info("received signal {}, shutting down", signal);
  notifier.Stopping();
  // An operator at a terminal is done with the captures, too.
  using Captures = dissectd::server::Daemon::RunningCaptures;
  (*daemon)->Stop(signal == SIGTERM ? Captures::kKeep : Captures::kStop);
  // Skips destructors of static objects, as gRPC's threads still run.
  std::_Exit(EXIT_SUCCESS);
}
