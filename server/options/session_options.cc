// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {
namespace {

constexpr uint64_t kMinSessionMemory = uint64_t{64} << 20;

}  // namespace

void AddSessionOptions(CLI::App* app, SessionConfig* config) {
  AddLimit(app, "--max-sessions", &config->max_sessions, 1'000,
           "Limit of open sessions");
  AddLimit(app, "--max-sessions-per-principal",
           &config->max_sessions_per_caller, 1'000,
           "Limit of open sessions of one caller");
  AddSize(app, "--session-memory", &config->memory_bytes,
          "Limit of memory of the processes of a session", {kMinSessionMemory});
  AddSeconds(app, "--session-idle-timeout", &config->idle_timeout,
             "Seconds after which a session that nobody uses is closed", 1);
}

}  // namespace dissectd::server
