// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_endpoint.h"

#include <netdb.h>
#include <netinet/in.h>
#include <prometheus/exposer.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/unique_fd.h"
#include "server/metrics/metrics_address.h"
#include "spdlog/spdlog.h"

namespace dissectd::server::metrics {
namespace {

// CivetWeb knows no names of hosts.
std::string NumericAddress(const MetricsAddress& address) {
  return absl::StrCat(address.host == "localhost" ? "127.0.0.1" : address.host,
                      ":", address.port);
}

// Returns the error of binding a socket to the address, which CivetWeb keeps to
// itself; 0 if there is none.
int TryBind(const MetricsAddress& address) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(IpAddressOf(address).c_str(),
                  std::string(address.port).c_str(), &hints, &found) != 0) {
    return EINVAL;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found,
                                                                 &freeaddrinfo);
  const UniqueFd tried(
      socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!tried.valid()) return errno;
  // As CivetWeb does.
  const int yes = 1;
  setsockopt(tried.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (found->ai_family == AF_INET6) {
    setsockopt(tried.get(), IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
  }
  return bind(tried.get(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
}

absl::Status ListenError(const std::string& address, int error) {
  std::string why = std::strerror(error);
  if (error == EADDRNOTAVAIL) why = "this machine doesn't have the address";
  if (error == EADDRINUSE) why = "the port is taken";
  if (error == EACCES) why = "the port is reserved for root";
  return absl::UnavailableError(absl::StrCat("can't listen on ", address,
                                             " for --metrics-listen: ", why));
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
  const int error = TryBind(parsed);
  if (error != 0) return ListenError(address, error);
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(ServerOptions(parsed));
    exposer->RegisterCollectable(metrics);
    // make_unique can't call the private constructor.
    std::unique_ptr<MetricsEndpoint> endpoint(
        new MetricsEndpoint(std::move(exposer), std::move(metrics)));
    spdlog::info("metrics are at http://{}:{}/metrics",
                 std::string(parsed.host), endpoint->port());
    if (IsAnyAddress(parsed)) {
      spdlog::warn(
          "everyone who can reach port {} of this machine can read the metrics",
          endpoint->port());
    }
    return endpoint;
  } catch (const std::exception&) {
    // Another program may have taken the port just now.
    return ListenError(address, EADDRINUSE);
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
