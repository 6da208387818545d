// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "server/metrics/events.h"
#include "server/transport/peer.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Clients speak first, in TLS as in HTTP/2.
constexpr std::chrono::seconds kFirstByteTimeout(10);

constexpr std::chrono::milliseconds kRetryInterval(100);

// Errors of one connection, which ended before it was accepted, or of the
// network.
bool ConcernsOneConnection(int error) {
  switch (error) {
    case ECONNABORTED:
    case EINTR:
    case EPERM:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

Listener::Source::Source(IoLoop* loop, ListeningSocket listening)
    : socket(std::move(listening)),
      readiness(loop->context(), fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0)),
      retry(loop->context()) {}

Listener::Silent::Silent(IoLoop* loop, UniqueFd fd, bool is_unix)
    : stream(loop->context(), fd.release()),
      deadline(loop->context()),
      is_unix(is_unix) {}

Listener::Listener(IoLoop* loop, std::vector<ListeningSocket> sockets,
                   ConnectionTable* table, Deliver deliver)
    : loop_(loop), table_(table), deliver_(std::move(deliver)) {
  loop_->AssertOnLoop();
  for (ListeningSocket& socket : sockets) {
    Wait(&sources_.emplace_back(loop_, std::move(socket)));
  }
}

void Listener::Wait(Source* source) {
  source->readiness.async_wait(asio::posix::stream_descriptor::wait_read,
                               [this, source](const std::error_code& error) {
                                 if (!error) Accept(source);
                               });
}

void Listener::Accept(Source* source) {
  while (true) {
    UniqueFd fd(accept4(source->socket.fd(), nullptr, nullptr,
                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd.valid()) {
      Take(std::move(fd), source->socket.is_unix());
    } else if (errno == EAGAIN) {
      Wait(source);
      return;
    } else if (!ConcernsOneConnection(errno)) {
      Fail(source, errno);
      return;
    }
  }
}

void Listener::Fail(Source* source, int error) {
  metrics::Count(metrics::Event::kAcceptFailed);
  if (failures_.Allow()) {
    spdlog::warn("can't accept connections for the moment: {}",
                 std::strerror(error));
  }
  source->retry.Start(kRetryInterval, [this, source] { Accept(source); });
}

void Listener::Take(UniqueFd fd, bool is_unix) {
  const std::optional<Peer> peer = PeerOf(fd.get());
  if (!peer.has_value()) return;
  if (!table_->Add(fd.get(), *peer)) {
    metrics::Count(metrics::Event::kConnectionBeyondLimit);
    if (refusals_.Allow()) {
      spdlog::warn("refused a connection of {}, as there are too many",
                   peer->share);
    }
    return;
  }
  metrics::Count(metrics::Event::kConnectionAccepted);
  if (!is_unix) {
    constexpr int kOn = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof(kOn));
  }
  AwaitFirstByte(std::make_shared<Silent>(loop_, std::move(fd), is_unix));
}

// The operations own the connection.
void Listener::AwaitFirstByte(const std::shared_ptr<Silent>& silent) {
  silent->stream.async_wait(asio::posix::stream_descriptor::wait_read,
                            [this, silent](const std::error_code& error) {
                              if (error || !Finish(silent.get())) return;
                              deliver_(UniqueFd(silent->stream.release()),
                                       silent->is_unix);
                            });
  silent->deadline.Start(kFirstByteTimeout, [this, silent] {
    if (!Finish(silent.get())) return;
    metrics::Count(metrics::Event::kConnectionSilent);
    table_->Remove(silent->stream.native_handle());
    silent->stream.close();
  });
}

bool Listener::Finish(Silent* silent) {
  silent->deadline.Stop();
  return !std::exchange(silent->done, true);
}

}  // namespace dissectd::server
