// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_connection.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <asio/buffer.hpp>
#include <asio/error_code.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <chrono>

#include "absl/strings/string_view.h"
#include "server/metrics/scrape_request.h"

namespace dissectd::server::metrics {
namespace {

// More than Prometheus and browsers send.
constexpr size_t kMaxHeadBytes = 16 << 10;

// The time for the request and the answer together. The daemon may need some of
// it to tell its state.
constexpr std::chrono::seconds kTimeout(5);

}  // namespace

MetricsConnection::MetricsConnection(asio::io_context* context, UniqueFd fd,
                                     const Metrics* metrics)
    : metrics_(metrics), socket_(*context), deadline_(*context) {
  // It doesn't matter which protocol of IP it is.
  asio::error_code error;
  socket_.assign(asio::generic::stream_protocol(AF_INET, IPPROTO_TCP), fd.get(),
                 error);
  if (!error) fd.release();
}

void MetricsConnection::Start() {
  deadline_.Start(kTimeout, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Close();
  });
  asio::async_read_until(
      socket_, asio::dynamic_buffer(request_, kMaxHeadBytes), "\r\n\r\n",
      [self = shared_from_this()](const asio::error_code& error, size_t bytes) {
        if (error) return self->Close();
        self->Answer(bytes);
      });
}

void MetricsConnection::Answer(size_t head_bytes) {
  const HttpStatus status =
      JudgeRequest(absl::string_view(request_).substr(0, head_bytes));
  answer_ = HttpAnswer(
      status, status == HttpStatus::kOk ? metrics_->Text() : std::string());
  asio::async_write(socket_, asio::buffer(answer_),
                    [self = shared_from_this()](const asio::error_code&,
                                                size_t) { self->Close(); });
}

void MetricsConnection::Close() {
  deadline_.Stop();
  asio::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace dissectd::server::metrics
