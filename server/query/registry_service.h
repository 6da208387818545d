// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_REGISTRY_SERVICE_H_
#define SERVER_QUERY_REGISTRY_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/registry.grpc.pb.h"
#include "server/query/query_service.h"

namespace dissectd {

// dissectd.v1.RegistryService. Thread-safe.
class RegistryService final
    : public v1::RegistryService::WithRawCallbackMethod_ParseValue<
          v1::RegistryService::WithRawCallbackMethod_FormatValue<
              v1::RegistryService::WithRawCallbackMethod_ListFieldTypes<
                  v1::RegistryService::Service>>> {
 public:
  explicit RegistryService(const QueryParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListFieldTypes(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return AskShared(parts_, ipc::Query::kListFieldTypes, *request, response);
  }

  grpc::ServerUnaryReactor* ParseValue(grpc::CallbackServerContext*,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
    return AskShared(parts_, ipc::Query::kParseValue, *request, response);
  }

  grpc::ServerUnaryReactor* FormatValue(grpc::CallbackServerContext*,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
    return AskShared(parts_, ipc::Query::kFormatValue, *request, response);
  }

 private:
  const QueryParts parts_;
};

}  // namespace dissectd

#endif  // SERVER_QUERY_REGISTRY_SERVICE_H_
