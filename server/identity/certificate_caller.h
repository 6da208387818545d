// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_CERTIFICATE_CALLER_H_
#define SERVER_IDENTITY_CERTIFICATE_CALLER_H_

#include <grpcpp/security/auth_context.h>

#include <optional>

#include "absl/status/statusor.h"
#include "server/base/principal.h"

namespace dissectd::server {

// Returns whom the certificate of a client names: its first alternative name
// that is a URI, otherwise the first that is a host's name, otherwise its
// common name. Returns nothing if the client has no certificate. The server
// must have verified it. Errors: UNAUTHENTICATED, if the name isn't plain.
absl::StatusOr<std::optional<Principal>> CertificateCaller(
    const grpc::AuthContext& tls);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_CERTIFICATE_CALLER_H_
