// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_endpoint.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/base/status_macros.h"
#include "server/metrics/metrics_address.h"
#include "server/transport/listen_address.h"
#include "spdlog/spdlog.h"

namespace dissectd::server::metrics {
namespace {

constexpr std::chrono::milliseconds kRetryInterval(100);

absl::StatusOr<std::vector<ListeningSocket>> OpenSockets(
    const std::string& address) {
  ASSIGN_OR_RETURN(const ListenAddress resolved, ResolveListenAddress(address));
  return ListeningSocket::Open(resolved);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Listen(
    const std::string& address, std::shared_ptr<Metrics> metrics) {
  absl::StatusOr<std::vector<ListeningSocket>> sockets = OpenSockets(address);
  if (!sockets.ok()) {
    return absl::Status(
        sockets.status().code(),
        absl::StrCat("--metrics-listen: ", sockets.status().message()));
  }
  // make_unique can't call the private constructor.
  std::unique_ptr<MetricsEndpoint> endpoint(
      new MetricsEndpoint(*std::move(sockets), std::move(metrics)));
  const MetricsAddress parsed = SplitMetricsAddress(address);
  spdlog::info("metrics are at http://{}:{}/metrics", std::string(parsed.host),
               endpoint->port());
  if (IsAnyAddress(parsed)) {
    spdlog::warn(
        "everyone who can reach port {} of this machine can read the metrics",
        endpoint->port());
  }
  return endpoint;
}

MetricsEndpoint::Source::Source(IoLoop* loop, ListeningSocket listening)
    : socket(std::move(listening)),
      readiness(loop->context(), fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0)),
      retry(loop->context()) {}

MetricsEndpoint::MetricsEndpoint(std::vector<ListeningSocket> sockets,
                                 std::shared_ptr<Metrics> metrics)
    : metrics_(std::move(metrics)), port_(sockets.front().Port()) {
  for (ListeningSocket& socket : sockets) {
    Source* const source = &sources_.emplace_back(&loop_, std::move(socket));
    loop_.Post([this, source] { Wait(source); });
  }
}

MetricsEndpoint::~MetricsEndpoint() {
  absl::Notification closed;
  loop_.Post([this, &closed] {
    CloseAll();
    closed.Notify();
  });
  closed.WaitForNotification();
  loop_.Stop();
}

void MetricsEndpoint::Wait(Source* source) {
  source->readiness.async_wait(asio::posix::stream_descriptor::wait_read,
                               [this, source](const asio::error_code& error) {
                                 if (!error && !closed_) Accept(source);
                               });
}

void MetricsEndpoint::Accept(Source* source) {
  while (true) {
    UniqueFd fd(accept4(source->socket.fd(), nullptr, nullptr,
                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd.valid()) {
      Take(std::move(fd));
    } else if (errno == EAGAIN) {
      return Wait(source);
    } else {
      // There may be descriptors again later.
      return source->retry.Start(kRetryInterval,
                                 [this, source] { Accept(source); });
    }
  }
}

void MetricsEndpoint::Take(UniqueFd fd) {
  connections_.remove_if([](const auto& known) { return known.expired(); });
  if (connections_.size() >= kMaxConnections) {
    if (const auto oldest = connections_.front().lock()) oldest->Close();
    connections_.pop_front();
  }
  const auto connection = std::make_shared<MetricsConnection>(
      &loop_.context(), std::move(fd), metrics_.get());
  connections_.push_back(connection);
  connection->Start();
}

void MetricsEndpoint::CloseAll() {
  closed_ = true;
  sources_.clear();
  for (const auto& known : connections_) {
    if (const auto connection = known.lock()) connection->Close();
  }
}

}  // namespace dissectd::server::metrics
