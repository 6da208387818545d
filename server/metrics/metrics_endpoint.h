// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_ENDPOINT_H_
#define SERVER_METRICS_METRICS_ENDPOINT_H_

#include <asio/posix/stream_descriptor.hpp>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/base/unique_fd.h"
#include "server/metrics/metrics.h"
#include "server/metrics/metrics_connection.h"
#include "server/transport/listening_socket.h"

namespace dissectd::server::metrics {

// Serves the metrics to Prometheus over HTTP, under /metrics, and nothing else.
// It has a thread of its own, so that clients can't hold up anything else. Nor
// can those that send no whole request hold up others: the oldest connections
// give way to new ones.
class MetricsEndpoint {
 public:
  // More than Prometheus, and people who look at the same time, need.
  static constexpr size_t kMaxConnections = 32;

  // Listens until destruction, at an address that CheckMetricsAddress accepts.
  // Errors: a message for the operator.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Listen(
      const std::string& address, std::shared_ptr<Metrics> metrics);

  // Waits for an answer that is being made.
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  // Returns the port, which the kernel may have chosen.
  int port() const { return port_; }

 private:
  // A socket that clients connect to.
  struct Source {
    Source(IoLoop* loop, ListeningSocket listening);

    ListeningSocket socket;
    // A duplicate of the socket's descriptor.
    asio::posix::stream_descriptor readiness;
    Timer retry;
  };

  MetricsEndpoint(std::vector<ListeningSocket> sockets,
                  std::shared_ptr<Metrics> metrics);

  void Wait(Source* source);
  // Accepts all connections that wait.
  void Accept(Source* source);
  void Take(UniqueFd fd);
  void CloseAll();

  const std::shared_ptr<Metrics> metrics_;
  const int port_;
  IoLoop loop_;
  // The members below are used on the loop's thread only.
  std::list<Source> sources_;
  // Oldest first; those that have ended are gone.
  std::list<std::weak_ptr<MetricsConnection>> connections_;
  bool closed_ = false;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_ENDPOINT_H_
