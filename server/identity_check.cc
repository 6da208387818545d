// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity_check.h"

namespace dissectd::server {

absl::Status CheckIdentities(const IdentityConfig& identity,
                             const TransportConfig& config,
                             const Transport& transport) {
  if (identity.unix_users && !transport.HasUnixSocket()) {
    return absl::InvalidArgumentError(
        "--identify-unix-users needs a Unix socket, such as "
        "--listen=unix:/run/dissectd/socket");
  }
  if (!identity.certificates) return absl::OkStatus();
  // A certificate proves something only if an authority is asked.
  if (config.tls_client_ca.empty()) {
    return absl::InvalidArgumentError(
        "--identify-certificates needs --tls-client-ca");
  }
  if (!transport.HasPort()) {
    return absl::InvalidArgumentError(
        "--identify-certificates needs --listen=HOST:PORT, as Unix sockets "
        "have no TLS");
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
