// SPDX-License-Identifier: GPL-2.0-or-later

#include <string>

#include "server/metrics/metrics_address.h"
#include "server/options/options.h"

namespace dissectd::server {

void AddMetricsOptions(CLI::App* app, std::string* metrics_listen) {
  app->add_option("--metrics-listen", *metrics_listen,
                  "Address at which Prometheus reads metrics over HTTP, "
                  "HOST:PORT, for example localhost:9464; none by default")
      ->check(CLI::Validator(
          [](const std::string& address) {
            return metrics::CheckMetricsAddress(address);
          },
          ""))
      ->type_name("ADDRESS");
}

}  // namespace dissectd::server
