// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_CONNECTION_H_
#define SERVER_METRICS_METRICS_CONNECTION_H_

#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "server/base/timer.h"
#include "server/base/unique_fd.h"
#include "server/metrics/metrics.h"

namespace dissectd::server::metrics {

// A connection that metrics are read by: it reads one request, answers, and
// closes. A client that takes its time for that, or sends more than a request
// needs, loses it. Used on one thread only.
class MetricsConnection
    : public std::enable_shared_from_this<MetricsConnection> {
 public:
  // `context` and `metrics` are not owned and outlive this.
  MetricsConnection(asio::io_context* context, UniqueFd fd,
                    const Metrics* metrics);

  // Reads the request. The connection owns itself from now on.
  void Start();

  // Ends the connection, if that hasn't happened yet.
  void Close();

 private:
  void Answer(size_t head_bytes);

  const Metrics* const metrics_;
  asio::generic::stream_protocol::socket socket_;
  Timer deadline_;
  std::string request_;
  std::string answer_;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_CONNECTION_H_
