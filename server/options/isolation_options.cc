// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {
namespace {

// A forked worker needs more than 300 MB, most of it for what it shares with
// the engine.
constexpr uint64_t kMinWorkerMemory = uint64_t{512} << 20;

}  // namespace

void AddIsolationOptions(CLI::App* app, IsolationConfig* config) {
  app->add_option("--user", config->user,
                  "User to become if the daemon is started as root")
      ->type_name("NAME");
  AddSize(app, "--worker-memory", &config->worker_memory_bytes,
          "Limit of each worker's address space; 0 for none",
          {kMinWorkerMemory, /*or_none=*/true});
  AddSeconds(app, "--worker-processor-time", &config->worker_processor_time,
             "Limit of each worker's processor time; 0 for none");
  app->add_flag("--allow-plugins", config->allow_plugins,
                "Load plugins in C and Lua from the folders of the daemon's "
                "user");
  app->add_flag("--allow-without-sandbox", config->allow_without_sandbox,
                "Serve also if the kernel can't confine workers");
}

}  // namespace dissectd::server
