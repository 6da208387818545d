// SPDX-License-Identifier: GPL-2.0-or-later

#include <string>

#include "server/options/options.h"

namespace dissectd::server {
namespace {

void AddSeconds(CLI::App* app, const std::string& name,
                std::chrono::seconds* value, const std::string& help) {
  app->add_option_function<uint32_t>(
         name,
         [value](uint32_t count) { *value = std::chrono::seconds(count); },
         help)
      ->type_name("SECONDS")
      ->default_str(std::to_string(value->count()));
}

}  // namespace

void AddIsolationOptions(CLI::App* app, IsolationConfig* config) {
  app->add_option("--user", config->user,
                  "User to become if the daemon is started as root")
      ->type_name("NAME");
  AddSize(app, "--worker-memory", &config->worker_memory_bytes,
          "Limit of each worker's address space; 0 for none");
  AddSeconds(app, "--worker-processor-time", &config->worker_processor_time,
             "Limit of each worker's processor time; 0 for none");
  app->add_flag("--allow-plugins", config->allow_plugins,
                "Load plugins in C and Lua from the folders of the daemon's "
                "user");
  app->add_flag("--allow-without-sandbox", config->allow_without_sandbox,
                "Serve also if the kernel can't confine workers");
}

}  // namespace dissectd::server
