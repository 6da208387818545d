// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_TLS_CREDENTIALS_H_
#define SERVER_TRANSPORT_TLS_CREDENTIALS_H_

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/config.h"
#include "server/transport/tls_files.h"

namespace dissectd::server {

// The daemon's certificate and the authorities of its clients, from files that
// may be replaced while it runs. Handshakes use the files that were loaded
// last; connections that exist go on. Thread-safe.
class TlsCredentials {
 public:
  // Errors: those of ReadTlsFiles.
  static absl::StatusOr<std::unique_ptr<TlsCredentials>> Load(
      const TransportConfig& config);

  // Returns the credentials for gRPC, which must not outlive this.
  std::shared_ptr<grpc::ServerCredentials> Make();

  // Loads the files if they have changed. Files that can't be used are reported
  // once in the log, and those before them stay in use. Called from time to
  // time: files count as changed when they were the same twice, so that they
  // are complete.
  void Refresh();

  // Returns when the certificate in use expires.
  absl::Time Expiry() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return files_.expiry;
  }

 private:
  explicit TlsCredentials(TransportConfig config)
      : config_(std::move(config)) {}

  // Gives gRPC the files if it doesn't have them yet.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config);
  grpc_ssl_certificate_config_reload_status FetchInto(
      grpc_ssl_server_certificate_config** config) ABSL_LOCKS_EXCLUDED(mutex_);

  const TransportConfig config_;
  // Used by Refresh only.
  std::string seen_version_;
  std::string tried_version_;
  absl::Mutex mutex_;
  TlsFiles files_ ABSL_GUARDED_BY(mutex_);
  bool fetched_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_TLS_CREDENTIALS_H_
