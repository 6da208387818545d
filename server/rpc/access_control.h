// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_ACCESS_CONTROL_H_
#define SERVER_RPC_ACCESS_CONTROL_H_

#include "absl/status/status.h"
#include "server/base/principal.h"
#include "server/rpc/method.h"

namespace dissectd::server {

// Decides which methods a principal may call. Called for every call on gRPC's
// threads, so it must not block. Thread-safe.
class AccessControl {
 public:
  virtual ~AccessControl() = default;

  // Errors: PERMISSION_MISSING.
  virtual absl::Status CheckMethod(const Principal& principal,
                                   const Method& method) const = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_ACCESS_CONTROL_H_
