// SPDX-License-Identifier: GPL-2.0-or-later

// dissectd: serves dissection to gRPC clients. Ends on SIGTERM or SIGINT.

#include <grpc/grpc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <initializer_list>
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
#include "server/systemd/passed_sockets.h"
#include "server/systemd/service_notifier.h"
#include "spdlog/spdlog.h"

namespace {

using dissectd::server::Daemon;

sigset_t SetOf(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

// Waits for SIGINT for at most this time. Returns whether it came.
bool AwaitInterrupt(std::chrono::seconds time) {
  const sigset_t interrupt = SetOf({SIGINT});
  const auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::max(end - std::chrono::steady_clock::now(),
                               std::chrono::steady_clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec timeout = {seconds.count(),
                              std::chrono::nanoseconds(left - seconds).count()};
    if (sigtimedwait(&interrupt, nullptr, &timeout) == SIGINT) return true;
    if (errno != EINTR) return false;
  }
}

// Waits until the daemon has to stop, and what then becomes of captures. An
// operator at a terminal, who interrupts it, waits for nothing, and is done
// with the captures, too.
Daemon::RunningCaptures AwaitStop(Daemon* daemon, const sigset_t& ending,
                                  dissectd::server::ServiceNotifier* notifier) {
  int signal = 0;
  sigwait(&ending, &signal);
  spdlog::info("received signal {}, shutting down", signal);
  notifier->Stopping();
  if (signal == SIGINT) return Daemon::RunningCaptures::kStop;
  if (!AwaitInterrupt(daemon->AnnounceStop())) {
    return Daemon::RunningCaptures::kKeep;
  }
  spdlog::info("interrupted: shutting down at once");
  return Daemon::RunningCaptures::kStop;
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
  // These signals are blocked in every thread that starts after this; sigwait
  // below waits for them.
  const sigset_t ending = SetOf({SIGTERM, SIGINT});
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

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
  (*daemon)->Stop(AwaitStop(daemon->get(), ending, &notifier));
  // Skips destructors of static objects, as gRPC's threads still run.
  std::_Exit(EXIT_SUCCESS);
}
