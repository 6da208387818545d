// SPDX-License-Identifier: GPL-2.0-or-later

// dissectd-engine: initialises libwireshark and forks a worker for each order
// of dissectd, which starts it.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/logging.h"
#include "core/base/private_folder.h"
#include "core/base/single_thread.h"
#include "core/engine/engine.h"
#include "core/engine/isolation.h"
#include "core/epan/epan.h"
#include "core/epan/library.h"
#include "core/epan/plugins.h"
#include "core/ipc/log_line.h"
#include "core/ipc/protocol.h"
#include "core/worker/restart.h"
#include "core/worker/worker.h"
#include "spdlog/spdlog.h"

namespace {

int Fail(const absl::Status& status) {
  spdlog::error("dissectd-engine: {}", std::string(status.message()));
  return EXIT_FAILURE;
}

// Without a folder, requests with attachments in folders fail.
void PrepareFolders() {
  dissectd::RemoveFoldersOfDeadEngines();
  const absl::Status created = dissectd::CreateEngineFolder();
  if (!created.ok()) {
    spdlog::warn("dissectd-engine: {}", std::string(created.message()));
  }
}

// Serves the request of a worker that begins again.
int RunRestarted(const char* program, int state_fd,
                 const dissectd::engine::IsolationOptions& isolation,
                 dissectd::engine::WorkerPolicy policy) {
  absl::StatusOr<dissectd::engine::RestartState> state =
      dissectd::engine::ReadRestartState(state_fd);
  if (!state.ok()) return Fail(state.status());
  dissectd::UseEngineFolder(state->engine_folder);
  const absl::Status initialised =
      dissectd::engine::InitLibrary(program, state->options);
  if (!initialised.ok()) {
    return dissectd::engine::FailRestart(initialised, *state);
  }
  const absl::Status isolated = dissectd::engine::EnterSandbox(isolation);
  if (!isolated.ok()) return Fail(isolated);
  dissectd::engine::Epan epan;
  epan.Open();
  policy.pass_workers = state->pass_workers;
  dissectd::engine::RunWorker(state->start, policy, &epan,
                              std::move(state->messages));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The dissection engine of dissectd, which starts this program.");
  int control_fd = -1;
  dissectd::LogOptions log;
  dissectd::engine::WorkerPolicy policy;
  app.add_option("--control-fd", control_fd,
                 "Descriptor of the control channel to dissectd")
      ->required();
  app.add_option("--log-level", log.level, "trace, debug, info, warn, error");
  app.add_flag("--allow-external-resolver", policy.allow_external_resolver,
               "Allow requests to ask name servers for host names");
  app.add_flag("--allow-lua", policy.allow_lua,
               "Allow requests to have scripts in Lua");
  std::string profile = "Default";
  app.add_option("--profile", profile,
                 "Wireshark profile that all requests start with");
  app.add_option(
      "--pass-workers", policy.pass_workers,
      "Limit of processes that share the second pass of a dissection");
  dissectd::engine::IsolationOptions isolation;
  app.add_flag("--allow-without-sandbox", isolation.allow_without_sandbox,
               "Run also if the kernel can't filter system calls");
  bool allow_plugins = false;
  app.add_flag("--allow-plugins", allow_plugins,
               "Load the plugins in the folders of the user");
  // Only workers use it, see core/worker/restart.h.
  int restart_fd = -1;
  app.add_option(dissectd::engine::kRestartOption, restart_fd)->group("");
  CLI11_PARSE(app, argc, argv);
  dissectd::ConfigureLogging("dissectd-engine", log);
  // dissectd makes lines of its own log out of them.
  dissectd::ipc::SetLogIds("");
  // A client that goes away is an error of send(), not a signal. So is dissectd
  // itself, which reads the log.
  signal(SIGPIPE, SIG_IGN);
  // So is a file that is larger than the limit.
  signal(SIGXFSZ, SIG_IGN);
  const absl::Status begun = dissectd::engine::BeginIsolation();
  if (!begun.ok()) return Fail(begun);
  if (allow_plugins) dissectd::engine::AllowPersonalPlugins();
  isolation.network = policy.allow_external_resolver;
  if (restart_fd >= 0) {
    return RunRestarted(argv[0], restart_fd, isolation, policy);
  }
  const absl::Status initialised =
      dissectd::engine::InitLibrary(argv[0], {profile, {}});
  if (!initialised.ok()) {
    Fail(initialised);
    return dissectd::ipc::kCannotInitialise;
  }
  // Workers without settings use this epan.
  dissectd::engine::Epan epan;
  epan.Open();
  if (!dissectd::HasSingleThread()) {
    return Fail(absl::InternalError("a plugin has started a thread"));
  }
  const absl::Status isolated = dissectd::engine::EnterSandbox(isolation);
  if (!isolated.ok()) {
    Fail(isolated);
    return dissectd::ipc::kCannotInitialise;
  }
  PrepareFolders();
  dissectd::engine::Engine engine(control_fd, dissectd::engine::ThisEngine().id,
                                  policy, &epan);
  const absl::Status served = engine.Run();
  engine.EndWorkers();
  dissectd::RemoveEngineFolder();
  return served.ok() ? EXIT_SUCCESS : Fail(served);
}
