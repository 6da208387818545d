// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/connection.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/connection/metadata_sender.h"
#include "clients/cli/connection/token.h"
#include "clients/cli/server_address.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace dissectd::cli {
namespace {

constexpr size_t kMaxPemBytes = 1 << 20;

// What PEM has before a certificate, and at the end of that line before a key
// of any kind.
constexpr absl::string_view kCertificateMark = "-----BEGIN CERTIFICATE-----";
constexpr absl::string_view kKeyMark = "PRIVATE KEY-----";

// Returns the content of a file in PEM, which has `mark` in it; empty if none
// is named.
absl::StatusOr<std::string> ReadPem(const std::string& path,
                                    absl::string_view what,
                                    absl::string_view mark) {
  if (path.empty()) return std::string();
  ASSIGN_OR_RETURN(std::string content,
                   ReadSmallFile(path, what, kMaxPemBytes));
  if (absl::StrContains(content, mark)) return content;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", path, "\" has no ", what, " in PEM."));
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(
    const ConnectionOptions& options) {
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return absl::InvalidArgumentError(
        "A certificate and its key belong together: give both "
        "--tls-certificate and --tls-key.");
  }
  grpc::SslCredentialsOptions ssl;
  ASSIGN_OR_RETURN(
      ssl.pem_root_certs,
      ReadPem(options.tls_ca, "certificates of authorities", kCertificateMark));
  ASSIGN_OR_RETURN(
      ssl.pem_cert_chain,
      ReadPem(options.tls_certificate, "certificate", kCertificateMark));
  ASSIGN_OR_RETURN(ssl.pem_private_key,
                   ReadPem(options.tls_key, "key", kKeyMark));
  return grpc::SslCredentials(ssl);
}

Transport TransportOf(const ConnectionOptions& options,
                      const ServerAddress& address) {
  if (absl::StartsWith(address.name, "unix")) return Transport::kUnixSocket;
  if (!WantsTls(options)) return Transport::kPlaintext;
  return options.tls_certificate.empty() ? Transport::kTls
                                         : Transport::kTlsWithCertificate;
}

// Returns whether an address is on this machine, so that nobody else can read
// what is sent.
bool IsLocal(absl::string_view server) {
  for (const absl::string_view local :
       {"unix:", "unix-abstract:", "localhost:", "127.", "[::1]:", "ipv4:127.",
        "ipv6:[::1]"}) {
    if (absl::StartsWith(server, local)) return true;
  }
  return false;
}

absl::Status CheckEngine(const std::string& engine) {
  const bool valid = std::all_of(engine.begin(), engine.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", engine,
      "\" isn't an engine: ids have neither spaces nor characters beyond "
      "ASCII. \"dissectctl info\" lists the daemon's."));
}

grpc::ChannelArguments Arguments(const ConnectionOptions& options) {
  grpc::ChannelArguments arguments;
  // A message exceeds the batch size by up to one frame, whose size is not
  // limited.
  arguments.SetMaxReceiveMessageSize(-1);
  if (!options.tls_server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.tls_server_name);
  }
  return arguments;
}

}  // namespace

bool WantsTls(const ConnectionOptions& options) {
  return options.tls || absl::StartsWith(options.server, "https://") ||
         !options.tls_ca.empty() || !options.tls_certificate.empty() ||
         !options.tls_key.empty() || !options.tls_server_name.empty();
}

absl::StatusOr<Connection> Connect(const ConnectionOptions& options) {
  const bool tls = WantsTls(options);
  ASSIGN_OR_RETURN(const ServerAddress address,
                   ParseServerAddress(options.server));
  ASSIGN_OR_RETURN(const std::string token,
                   TokenOf(options.token, options.token_file));
  RETURN_IF_ERROR(CheckEngine(options.engine));
  if (tls && absl::StartsWith(address.name, "unix")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "TLS isn't for ", address.name,
        ": a Unix socket doesn't leave this machine. Leave the options about "
        "TLS out."));
  }
  if (tls && absl::StartsWith(options.server, "http://")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", options.server,
        "\" is an address without TLS: write https:// if the daemon speaks "
        "TLS; otherwise leave the options about TLS out."));
  }
  if (!token.empty() && !tls && !IsLocal(address.name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The token isn't sent to ", address.name,
        " without TLS, as others could read it. Give --tls or --tls-ca=FILE."));
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials =
      grpc::InsecureChannelCredentials();
  if (tls) {
    ASSIGN_OR_RETURN(credentials, TlsCredentials(options));
  }
  std::vector<
      std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
      interceptors;
  // gRPC's own credentials for calls refuse to work without TLS, also on Unix
  // sockets.
  if (!token.empty()) {
    interceptors.push_back(MetadataSender("authorization", "Bearer " + token));
  }
  if (!options.engine.empty()) {
    interceptors.push_back(MetadataSender("x-dissectd-engine", options.engine));
  }
  return Connection{grpc::experimental::CreateCustomChannelWithInterceptors(
                        address.target, credentials, Arguments(options),
                        std::move(interceptors)),
                    address.name, TransportOf(options, address)};
}

}  // namespace dissectd::cli
