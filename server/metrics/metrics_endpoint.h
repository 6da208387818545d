// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_ENDPOINT_H_
#define SERVER_METRICS_METRICS_ENDPOINT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/metrics/metrics.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace dissectd::server::metrics {

// Serves the metrics to Prometheus over HTTP, under /metrics, and nothing else.
class MetricsEndpoint {
 public:
  // Listens until destruction, at an address that CheckMetricsAddress accepts.
  // Errors: a message for the operator.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Listen(
      const std::string& address, std::shared_ptr<Metrics> metrics);

  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  // Returns the port, which the kernel may have chosen.
  int port() const;

 private:
  MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer,
                  std::shared_ptr<Metrics> metrics);

  const std::shared_ptr<Metrics> metrics_;
  const std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_ENDPOINT_H_
