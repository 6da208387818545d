// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_AUTHENTICATOR_H_
#define SERVER_RPC_AUTHENTICATOR_H_

#include <grpcpp/security/auth_context.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/principal.h"

namespace dissectd::server {

// The metadata in which a proxy names the caller that it has identified, and
// the groups of that caller.
constexpr char kCallerNameKey[] = "x-dissectd-caller";
constexpr char kCallerGroupsKey[] = "x-dissectd-groups";

// The values of the metadata above: usually none, and one of each from a proxy.
struct NamedCaller {
  std::vector<absl::string_view> names;
  std::vector<absl::string_view> groups;

  bool empty() const { return names.empty() && groups.empty(); }
};

// What a call shows of its caller.
struct CallEvidence {
  // The client's address as gRPC writes it.
  std::string peer;
  // The value of the metadata `authorization`; empty if the client sent none.
  absl::string_view authorization;
  // What TLS found out about the client. May be null.
  std::shared_ptr<const grpc::AuthContext> tls;
  // Anyone can send this; only proxies that the daemon trusts may.
  NamedCaller named = {};
};

// Knows the users of the processes at the other ends of Unix sockets.
// Thread-safe.
class PeerUsers {
 public:
  virtual ~PeerUsers() = default;

  // Returns the user's number; nothing if the peer isn't such a process. `peer`
  // is as in CallEvidence.
  virtual std::optional<uint32_t> UserOf(absl::string_view peer) const = 0;
};

// Finds out who sends a call. Called for every call on gRPC's threads, so it
// must not block. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Errors: UNAUTHENTICATED.
  virtual absl::StatusOr<Principal> Authenticate(
      const CallEvidence& evidence) const = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_AUTHENTICATOR_H_
