// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {

void AddCrashOptions(CLI::App* app, IsolationConfig* config) {
  // Pass workers have room for this number.
  constexpr uint32_t kMostCrashes = 64;
  AddLimit(app, "--max-crashes-per-call", &config->max_crashes_per_call,
           kMostCrashes,
           "Limit of crashes of dissectors after which a call goes on");
  app->add_option("--keep-crashing-frames", config->crashing_frames,
                  "Folder in which to keep frames that crash dissectors, for "
                  "bug reports")
      ->check(Folder())
      ->type_name("DIR");
}

}  // namespace dissectd::server
