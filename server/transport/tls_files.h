// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_TLS_FILES_H_
#define SERVER_TRANSPORT_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config.h"

namespace dissectd::server {

// The contents of the operator's files for TLS, in PEM.
struct TlsFiles {
  std::string certificate;
  // When the certificate expires.
  absl::Time expiry;
  std::string key;
  // Empty if clients need no certificate.
  std::string client_ca;
};

// Reads the files, and checks that a server can use them: that the key is the
// certificate's and private, and that the authorities are certificates. Errors:
// FAILED_PRECONDITION, with a message for the operator that never has contents
// of the key.
absl::StatusOr<TlsFiles> ReadTlsFiles(const TransportConfig& config);

// Returns a text that changes when one of the files is changed or replaced, or
// gets other permissions.
std::string TlsFilesVersion(const TransportConfig& config);

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_TLS_FILES_H_
