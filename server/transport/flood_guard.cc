// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/flood_guard.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/server_context.h>

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Calls of one connection in a second. Balancers ask for the health of their
// backends every few seconds.
constexpr uint32_t kMaxCalls = 200;

// Returns whether a method, for example `/dissectd.v1.FileService/GetFile`, is
// one of the API.
bool HasObservers(absl::string_view method) {
  if (!absl::StartsWith(method, "/dissectd.")) return false;
  const std::string name = absl::StrReplaceAll(method.substr(1), {{"/", "."}});
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
             name) != nullptr;
}

}  // namespace

void FloodGuard::OnCallBegun(const CallInfo& call) {
  if (table_->BeginCall(call.peer)) return;
  metrics::Count(metrics::Event::kConnectionCancelsTooMuch);
  if (log_limit_.Allow()) {
    spdlog::warn("ended the connection of {}, which cancels too many calls",
                 call.peer);
  }
}

void FloodGuard::OnCallEnded(const CallEnd& end) {
  table_->EndCall(end.call.peer);
}

grpc::experimental::Interceptor* OpenServiceGuard::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* call) {
  if (HasObservers(call->method())) return nullptr;
  const std::string peer = call->server_context()->peer();
  if (table_->CountCall(peer, kMaxCalls, ConnectionTable::Clock::now())) {
    return nullptr;
  }
  metrics::Count(metrics::Event::kConnectionFloodsOpenServices);
  if (log_limit_.Allow()) {
    spdlog::warn("ended the connection of {}, which floods open services",
                 peer);
  }
  return nullptr;
}

}  // namespace dissectd::server
