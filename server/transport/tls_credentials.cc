// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/tls_credentials.h"

#include <grpc/grpc.h>

#include <utility>

#include "core/base/status_macros.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// The credentials of gRPC's core, which can have a function that fetches
// certificates. gRPC's C++ API has none.
class CoreCredentials final : public grpc::ServerCredentials {
 public:
  explicit CoreCredentials(grpc_server_credentials* credentials)
      : credentials_(credentials) {}
  ~CoreCredentials() override { grpc_server_credentials_release(credentials_); }
  CoreCredentials(const CoreCredentials&) = delete;
  CoreCredentials& operator=(const CoreCredentials&) = delete;

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address,
                      grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* const credentials_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TlsCredentials>> TlsCredentials::Load(
    const TransportConfig& config) {
  // make_unique can't call the private constructor.
  std::unique_ptr<TlsCredentials> credentials(new TlsCredentials(config));
  credentials->seen_version_ = TlsFilesVersion(config);
  credentials->tried_version_ = credentials->seen_version_;
  ASSIGN_OR_RETURN(TlsFiles files, ReadTlsFiles(config));
  const absl::MutexLock lock(&credentials->mutex_);
  credentials->files_ = std::move(files);
  return credentials;
}

std::shared_ptr<grpc::ServerCredentials> TlsCredentials::Make() {
  const grpc_ssl_client_certificate_request_type request =
      config_.tls_client_ca.empty()
          ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
          : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  grpc_ssl_server_credentials_options* options =
      grpc_ssl_server_credentials_create_options_using_config_fetcher(
          request, &TlsCredentials::Fetch, this);
  return std::make_shared<CoreCredentials>(
      grpc_ssl_server_credentials_create_with_options(options));
}

grpc_ssl_certificate_config_reload_status TlsCredentials::Fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  return static_cast<TlsCredentials*>(self)->FetchInto(config);
}

grpc_ssl_certificate_config_reload_status TlsCredentials::FetchInto(
    grpc_ssl_server_certificate_config** config) {
  const absl::MutexLock lock(&mutex_);
  if (fetched_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {files_.key.c_str(),
                                           files_.certificate.c_str()};
  // gRPC insists on authorities, but ignores them if clients need no
  // certificate.
  const std::string& authorities =
      files_.client_ca.empty() ? files_.certificate : files_.client_ca;
  *config =
      grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
  fetched_ = true;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

void TlsCredentials::Refresh() {
  std::string version = TlsFilesVersion(config_);
  const bool is_settled = version == seen_version_;
  seen_version_ = std::move(version);
  if (!is_settled || seen_version_ == tried_version_) return;
  tried_version_ = seen_version_;
  absl::StatusOr<TlsFiles> files = ReadTlsFiles(config_);
  if (!files.ok()) {
    metrics::Count(metrics::Event::kTlsFilesUnusable);
    spdlog::warn("{}; the files before stay in use",
                 std::string(files.status().message()));
    return;
  }
  {
    const absl::MutexLock lock(&mutex_);
    files_ = *std::move(files);
    fetched_ = false;
  }
  spdlog::info("loaded new files for TLS");
}

}  // namespace dissectd::server
