// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/certificate_caller.h"

#include <grpc/grpc_security_constants.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/identity_errors.h"
#include "server/identity/plain_name.h"

namespace dissectd::server {
namespace {

std::vector<grpc::string_ref> Values(const grpc::AuthContext& tls,
                                     const char* property) {
  return tls.FindPropertyValues(property);
}

// Clients of a Unix socket are authenticated for gRPC, too, by its being local.
bool IsTls(const grpc::AuthContext& tls) {
  const auto types = Values(tls, GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  return tls.IsPeerAuthenticated() && types.size() == 1 &&
         (types[0] == GRPC_SSL_TRANSPORT_SECURITY_TYPE ||
          types[0] == GRPC_TLS_TRANSPORT_SECURITY_TYPE);
}

}  // namespace

absl::StatusOr<std::optional<Principal>> CertificateCaller(
    const grpc::AuthContext& tls) {
  if (!IsTls(tls)) return std::nullopt;
  for (const char* property :
       {GRPC_PEER_URI_PROPERTY_NAME, GRPC_PEER_DNS_PROPERTY_NAME,
        GRPC_X509_CN_PROPERTY_NAME}) {
    const std::vector<grpc::string_ref> names = Values(tls, property);
    if (names.empty()) continue;
    const absl::string_view name(names[0].data(), names[0].size());
    if (!IsPlainName(name)) break;
    Principal caller;
    caller.id = absl::StrCat("certificate:", name);
    caller.authentication = Authentication::kCertificate;
    return caller;
  }
  return errors::Unidentified("certificate_name_invalid",
                              "The client's certificate has no plain name.");
}

}  // namespace dissectd::server
