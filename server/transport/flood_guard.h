// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_FLOOD_GUARD_H_
#define SERVER_TRANSPORT_FLOOD_GUARD_H_

#include <grpcpp/support/server_interceptor.h>

#include "server/base/log_limit.h"
#include "server/rpc/call_observer.h"
#include "server/transport/connection_table.h"

namespace dissectd::server {

// Ends connections that begin and cancel calls faster than the daemon can end
// them, which is known as rapid reset. HTTP/2's limit of concurrent streams
// doesn't count calls that are cancelled but go on in the daemon. Thread-safe.
class FloodGuard final : public CallObserver {
 public:
  // `table` outlives this.
  explicit FloodGuard(ConnectionTable* table) : table_(table) {}

  // CallObserver:
  void OnCallBegun(const CallInfo& call) override;
  void OnCallEnded(const CallEnd& end) override;

 private:
  ConnectionTable* const table_;
  LogLimit log_limit_;
};

// Ends connections that call what isn't part of the API, as the health service,
// more often than anybody needs to. Such calls have no observers. Makes no
// interceptors. Thread-safe.
class OpenServiceGuard final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // `table` outlives this.
  explicit OpenServiceGuard(ConnectionTable* table) : table_(table) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* call) override;

 private:
  ConnectionTable* const table_;
  LogLimit log_limit_;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_FLOOD_GUARD_H_
