// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_endpoint.h"

#include <prometheus/exposer.h>

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/metrics/metrics_address.h"
#include "spdlog/spdlog.h"

namespace dissectd::server::metrics {
namespace {

// CivetWeb knows no names of hosts.
std::string NumericAddress(const MetricsAddress& address) {
  return absl::StrCat(address.host == "localhost" ? "127.0.0.1" : address.host,
                      ":", address.port);
}

std::vector<std::string> ServerOptions(const MetricsAddress& address) {
  return {"listening_ports", NumericAddress(address),
          // A client that sends no request holds one of them, but not for long.
          "num_threads", "4", "request_timeout_ms", "2000"};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Listen(
    const std::string& address, std::shared_ptr<Metrics> metrics) {
  const MetricsAddress parsed = SplitMetricsAddress(address);
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(ServerOptions(parsed));
    exposer->RegisterCollectable(metrics);
    // make_unique can't call the private constructor.
    std::unique_ptr<MetricsEndpoint> endpoint(
        new MetricsEndpoint(std::move(exposer), std::move(metrics)));
    spdlog::info("metrics are at http://{}:{}/metrics",
                 std::string(parsed.host), endpoint->port());
    return endpoint;
  } catch (const std::exception&) {
    // CivetWeb keeps the reason to itself.
    return absl::UnavailableError(absl::StrCat(
        "can't listen on ", address,
        " for --metrics-listen: is the port taken, or reserved for root?"));
  }
}

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer,
                                 std::shared_ptr<Metrics> metrics)
    : metrics_(std::move(metrics)), exposer_(std::move(exposer)) {}

MetricsEndpoint::~MetricsEndpoint() = default;

int MetricsEndpoint::port() const {
  return exposer_->GetListeningPorts().front();
}

}  // namespace dissectd::server::metrics
