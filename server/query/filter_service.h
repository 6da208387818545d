// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_FILTER_SERVICE_H_
#define SERVER_QUERY_FILTER_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/filter.grpc.pb.h"
#include "server/query/query_service.h"

namespace dissectd::server {

// All of its methods take and give bytes.
using RawFilterService = v1::FilterService::WithRawCallbackMethod_CompileFilter<
    v1::FilterService::WithRawCallbackMethod_CompleteFilter<
        v1::FilterService::WithRawCallbackMethod_ListFilterMacros<
            v1::FilterService::WithRawCallbackMethod_ListSavedFilters<
                v1::FilterService::Service>>>>;

// dissectd.v1.FilterService. Thread-safe.
class FilterService final : public RawFilterService {
 public:
  explicit FilterService(const QueryDeps& deps) : deps_(deps) {}

  grpc::ServerUnaryReactor* CompileFilter(grpc::CallbackServerContext*,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kCompileFilter, *request, response);
  }

  grpc::ServerUnaryReactor* CompleteFilter(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kCompleteFilter, *request, response);
  }

  grpc::ServerUnaryReactor* ListFilterMacros(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListFilterMacros, *request, response);
  }

  grpc::ServerUnaryReactor* ListSavedFilters(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListSavedFilters, *request, response);
  }

 private:
  const QueryDeps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_FILTER_SERVICE_H_
