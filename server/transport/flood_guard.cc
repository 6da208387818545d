// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/flood_guard.h"

#include <grpcpp/server_context.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

void FloodGuard::OnCallBegun(const CallInfo& call) {
  if (!table_->BeginCall(call.peer) && log_limit_.Allow()) {
    spdlog::warn("ended the connection of {}, which cancels too many calls",
                 call.peer);
  }
}

grpc::experimental::Interceptor* OwnServiceGuard::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* call) {
  if (absl::StartsWith(call->method(), "/dissectd.")) return nullptr;
  const std::string peer = call->server_context()->peer();
  if (!table_->CountCall(peer, absl::Now()) && log_limit_.Allow()) {
    spdlog::warn("ended the connection of {}, which calls {} too often", peer,
                 call->method());
  }
  return nullptr;
}

void FloodGuard::OnCallEnded(const CallEnd& end) {
  table_->EndCall(end.call.peer);
}

}  // namespace dissectd::server
