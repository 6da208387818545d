// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_credentials.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/operator_file.h"

namespace dissectd::server {
namespace {

constexpr unsigned kRefreshSeconds = 5;
// A node that doesn't answer for this time is unreachable. Nodes accept such
// questions at most every five seconds.
constexpr int kKeepaliveMs = 10'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
// The time between attempts to connect to a node, which grows up to this.
constexpr int kMaxReconnectMs = 5'000;

absl::Status CheckFile(const std::string& path, const char* secret) {
  const absl::StatusOr<OperatorFile> file = ReadTrustedFile(path);
  absl::Status status = file.status();
  if (status.ok() && secret != nullptr) status = CheckPrivate(*file, secret);
  return InFile(path, status);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const NodeConnectionConfig& config) {
  using grpc::experimental::FileWatcherCertificateProvider;
  if (config.authorities.empty()) return grpc::InsecureChannelCredentials();
  RETURN_IF_ERROR(CheckFile(config.authorities, nullptr));
  grpc::experimental::TlsChannelCredentialsOptions options;
  if (config.certificate.empty()) {
    options.set_certificate_provider(
        std::make_shared<FileWatcherCertificateProvider>(config.authorities,
                                                         kRefreshSeconds));
  } else {
    RETURN_IF_ERROR(CheckFile(config.certificate, nullptr));
    RETURN_IF_ERROR(CheckFile(config.key, "a private key"));
    options.set_certificate_provider(
        std::make_shared<FileWatcherCertificateProvider>(
            config.key, config.certificate, config.authorities,
            kRefreshSeconds));
    options.watch_identity_key_cert_pairs();
  }
  options.watch_root_certs();
  return grpc::experimental::TlsCredentials(options);
}

absl::StatusOr<std::string> ParseToken(const OperatorFile& file) {
  RETURN_IF_ERROR(CheckPrivate(file, "a token"));
  const absl::string_view token = absl::StripAsciiWhitespace(file.content);
  if (token.empty()) return absl::InvalidArgumentError("there is no token");
  return absl::StrCat("Bearer ", token);
}

}  // namespace

absl::StatusOr<std::unique_ptr<NodeCredentials>> NodeCredentials::Load(
    const NodeConnectionConfig& config) {
  // make_unique can't call the private constructor.
  auto credentials = absl::WrapUnique(new NodeCredentials(config));
  ASSIGN_OR_RETURN(credentials->channel_credentials_, MakeCredentials(config));
  if (!config.token_file.empty()) {
    ASSIGN_OR_RETURN(credentials->token_, WatchedValue<std::string>::Open(
                                              config.token_file, ParseToken));
  }
  return credentials;
}

std::shared_ptr<grpc::Channel> NodeCredentials::Connect(
    const std::string& address) const {
  grpc::ChannelArguments arguments;
  // Nodes limit their messages themselves.
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // Nodes that nobody calls are asked, too, so that metrics tell when one is
  // gone, and calls needn't find out.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  // A node is called directly, whatever proxies the environment names.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (!config_.server_name.empty()) {
    arguments.SetSslTargetNameOverride(config_.server_name);
  }
  return grpc::CreateCustomChannel(address, channel_credentials_, arguments);
}

std::string NodeCredentials::Authorization() const {
  return token_ == nullptr ? "" : *token_->Get();
}

}  // namespace dissectd::server
