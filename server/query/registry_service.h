// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_REGISTRY_SERVICE_H_
#define SERVER_QUERY_REGISTRY_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/registry.grpc.pb.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// The methods as bytes, group by group.
namespace raw_registry {
using Api = v1::RegistryService;
using Fields = Api::WithRawCallbackMethod_ListProtocols<
    Api::WithRawCallbackMethod_ListHeuristicDissectors<
        Api::WithRawCallbackMethod_ListFields<
            Api::WithRawCallbackMethod_LookupFields<
                Api::WithRawCallbackMethod_ListNamedValues<
                    Api::WithRawCallbackMethod_ReadRegistry<
                        Api::Service>>>>>>;
using Types = Api::WithRawCallbackMethod_ListFieldTypes<
    Api::WithRawCallbackMethod_ListColumnFormats<
        Api::WithRawCallbackMethod_ValidateColumn<
            Api::WithRawCallbackMethod_ListTimestampTypes<
                Api::WithRawCallbackMethod_ListPlugins<Fields>>>>>;
using Values = Api::WithRawCallbackMethod_ParseValue<
    Api::WithRawCallbackMethod_FormatValue<Types>>;
using Service = Api::WithRawCallbackMethod_ListEncapsulations<
    Api::WithRawCallbackMethod_ListFileTypes<
        Api::WithRawCallbackMethod_ListDissectorTables<
            Api::WithRawCallbackMethod_ListDissectorTableEntries<Values>>>>;
}  // namespace raw_registry

// dissectd.v1.RegistryService. Thread-safe.
class RegistryService final : public raw_registry::Service {
 public:
  explicit RegistryService(const QueryDeps& deps) : deps_(deps) {}

  grpc::ServerUnaryReactor* ListFieldTypes(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListFieldTypes, *request, response);
  }

  grpc::ServerUnaryReactor* ListProtocols(grpc::CallbackServerContext*,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListProtocols, *request, response);
  }

  grpc::ServerUnaryReactor* ListHeuristicDissectors(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListHeuristicDissectors, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListFields(grpc::CallbackServerContext*,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListFields, *request, response);
  }

  grpc::ServerUnaryReactor* LookupFields(grpc::CallbackServerContext*,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kLookupFields, *request, response);
  }

  grpc::ServerUnaryReactor* ListNamedValues(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListNamedValues, *request, response);
  }

  grpc::ServerUnaryReactor* ListColumnFormats(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListColumnFormats, *request, response);
  }

  grpc::ServerUnaryReactor* ValidateColumn(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kValidateColumn, *request, response);
  }

  grpc::ServerUnaryReactor* ListEncapsulations(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListEncapsulations, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListFileTypes(grpc::CallbackServerContext*,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListFileTypes, *request, response);
  }

  grpc::ServerUnaryReactor* ListDissectorTables(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListDissectorTables, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListDissectorTableEntries(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListDissectorTableEntries, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListTimestampTypes(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListTimestampTypes, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListPlugins(grpc::CallbackServerContext*,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
    return RunDedicated(deps_, ipc::Query::kListPlugins, *request, response);
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadRegistry(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request) override {
    return StreamDedicated(deps_, ipc::Query::kReadRegistry, *request);
  }

  grpc::ServerUnaryReactor* ParseValue(grpc::CallbackServerContext*,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kParseValue, *request, response);
  }

  grpc::ServerUnaryReactor* FormatValue(grpc::CallbackServerContext*,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kFormatValue, *request, response);
  }

 private:
  const QueryDeps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_REGISTRY_SERVICE_H_
