// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_SERVER_SERVICE_H_
#define SERVER_QUERY_SERVER_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/server.grpc.pb.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// dissectd.v1.ServerService. Thread-safe.
class ServerService final
    : public v1::ServerService::WithRawCallbackMethod_GetServerInfo<
          v1::ServerService::Service> {
 public:
  // `facts` is what the daemon knows.
  ServerService(const QueryDeps& deps, const v1::GetServerInfoResponse& facts);

  // Has a worker add to the facts what it knows.
  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext*,
                                          const grpc::ByteBuffer*,
                                          grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kDescribeLibraries, facts_, response);
  }

 private:
  const QueryDeps deps_;
  grpc::ByteBuffer facts_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_SERVER_SERVICE_H_
