// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {

void AddPolicyOptions(CLI::App* app, IdentityConfig* config) {
  app->add_option("--policy", config->policy,
                  "File that says which callers may do what")
      ->type_name("FILE");
  app->add_option("--audit-log", config->audit_log,
                  "File for a line of JSON about each call that is refused, or "
                  "that changes or reads something; by default the log")
      ->type_name("FILE");
}

}  // namespace dissectd::server
