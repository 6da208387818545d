// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_REFLECTION_H_
#define SERVER_RPC_REFLECTION_H_

#include <grpcpp/generic/async_generic_service.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dissectd::server {

// Answers a serialised ServerReflectionRequest with a serialised
// ServerReflectionResponse. `services` are the names that clients can list.
// Returns nothing if the request is malformed.
std::optional<std::string> AnswerReflection(
    const std::string& request, const std::vector<std::string>& services);

// The service grpc.reflection.v1alpha.ServerReflection, which describes the
// linked API to clients. gRPC's own one starts a thread for each call, and
// keeps calls that wait for one in memory without a limit. Also answers calls
// of methods that no service has. Thread-safe.
class ReflectionService final : public grpc::CallbackGenericService {
 public:
  // Called before the server starts.
  void SetServices(std::vector<std::string> services) {
    services_ = std::move(services);
  }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  std::vector<std::string> services_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_REFLECTION_H_
