// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_TRANSPORT_H_
#define SERVER_TRANSPORT_TRANSPORT_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/config.h"
#include "server/systemd/passed_sockets.h"
#include "server/transport/connection_table.h"
#include "server/transport/descriptor_budget.h"
#include "server/transport/flood_guard.h"
#include "server/transport/handover.h"
#include "server/transport/listen_address.h"
#include "server/transport/listener.h"
#include "server/transport/listening_socket.h"
#include "server/transport/memory_guard.h"
#include "server/transport/tls_credentials.h"

namespace dissectd::server {

// How clients connect: accepts connections for gRPC, within limits, and with
// TLS where the operator wants it. Used by one thread.
class Transport {
 public:
  // Raises the limit of descriptors. `passed` are the sockets for the addresses
  // `systemd:`. Errors: a message for the operator about an address or a socket
  // that can't be used.
  static absl::StatusOr<std::unique_ptr<Transport>> Prepare(
      const TransportConfig& config, const DescriptorNeeds& needs,
      std::vector<PassedSocket> passed);

  // Loads the files of TLS. Call it before Configure. Errors: a message for the
  // operator about a file that can't be used, or an address that needs TLS.
  absl::Status Secure();

  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  uint32_t max_connections() const { return max_connections_; }
  // Returns whether clients can connect to a Unix socket or to a port.
  bool HasUnixSocket() const;
  bool HasPort() const;
  size_t CountConnections() { return table_.CountOpen(); }
  // Returns when the certificate in use expires; nothing without TLS.
  std::optional<absl::Time> CertificateExpiry() const;
  const PeerUsers* users() const { return &table_; }
  // Observes all calls.
  CallObserver* flood_guard() { return &flood_guard_; }

  // Adds the settings of connections. The server must not outlive this.
  void Configure(grpc::ServerBuilder* builder);

  // Listens, and hands connections over to the server, until ShutDown. Errors:
  // a message for the operator.
  absl::Status Listen(grpc::Server* server);

  // Takes no more connections, and shuts the server down, whose calls have been
  // refused or have ended before. Waits for gRPC's work on connections, so that
  // the server can be destroyed.
  void ShutDown(grpc::Server* server);

 private:
  Transport(const TransportConfig& config, std::vector<ListenAddress> addresses,
            std::vector<ListeningSocket> activated, uint32_t max_connections);

  absl::Status CheckPlaintext() const;
  void StopAccepting();
  // Returns the sockets to accept connections from.
  absl::StatusOr<std::vector<ListeningSocket>> OpenSockets();
  void Deliver(UniqueFd fd, bool is_unix);
  // Looks for new files of TLS from time to time.
  void ScheduleRefresh();

  const TransportConfig config_;
  const std::vector<ListenAddress> addresses_;
  // The sockets that systemd listens on, until Listen.
  std::vector<ListeningSocket> activated_;
  const uint32_t max_connections_;
  ConnectionTable table_;
  FloodGuard flood_guard_;
  // Null without TLS.
  std::unique_ptr<TlsCredentials> tls_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  grpc::Server* server_ = nullptr;
  IoLoop loop_;
  Handover handover_;
  Timer refresh_;
  MemoryGuard memory_guard_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_TRANSPORT_H_
