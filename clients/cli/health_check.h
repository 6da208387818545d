// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_HEALTH_CHECK_H_
#define CLIENTS_CLI_HEALTH_CHECK_H_

#include <chrono>
#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Asks grpc.health.v1.Health whether a service serves; an empty name means the
// whole daemon. Errors: NOT_FOUND if the daemon has no such service.
grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& service,
                         std::chrono::milliseconds timeout, bool* serves);

// Returns the name of the health, as HealthCheckResponse.ServingStatus has it.
inline const char* HealthText(bool serves) {
  return serves ? "SERVING" : "NOT_SERVING";
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_HEALTH_CHECK_H_
