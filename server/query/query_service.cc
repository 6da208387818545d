// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_service.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/preference.pb.h"
#include "server/engine/worker_socket.h"
#include "server/query/query_worker.h"
#include "server/query/streaming_query_call.h"

namespace dissectd::server {

// A method of the table.
struct QueryService::Row {
  absl::string_view service;
  const char* method;
  ipc::Query query;
  Run run;
  // Returns the engine that the options of a request choose. Null for requests
  // without options.
  std::string (*engine)(const std::string& request) = nullptr;
};

namespace {

constexpr absl::string_view kRegistry = "dissectd.v1.RegistryService";
constexpr absl::string_view kFilter = "dissectd.v1.FilterService";
constexpr absl::string_view kPreference = "dissectd.v1.PreferenceService";

// The worker tells what is wrong with a request that can't be parsed.
template <typename Request>
std::string EngineOfOptions(const std::string& bytes) {
  Request request;
  return request.ParseFromString(bytes) ? request.options().engine() : "";
}

}  // namespace

const QueryService::Row QueryService::kRows[] = {
    {kRegistry, "ListFieldTypes", ipc::Query::kListFieldTypes, Run::kPooled},
    {kRegistry, "ListProtocols", ipc::Query::kListProtocols, Run::kPooled},
    {kRegistry, "GetProtocol", ipc::Query::kGetProtocol, Run::kPooled},
    {kRegistry, "ListHeuristicDissectors", ipc::Query::kListHeuristicDissectors,
     Run::kPooled},
    {kRegistry, "ListFields", ipc::Query::kListFields, Run::kPooled},
    {kRegistry, "LookupFields", ipc::Query::kLookupFields, Run::kPooled},
    {kRegistry, "ListNamedValues", ipc::Query::kListNamedValues, Run::kPooled},
    {kRegistry, "ReadRegistry", ipc::Query::kReadRegistry, Run::kStream},
    {kRegistry, "ListColumnFormats", ipc::Query::kListColumnFormats,
     Run::kPooled},
    {kRegistry, "ValidateColumn", ipc::Query::kValidateColumn, Run::kPooled},
    {kRegistry, "ListEncapsulations", ipc::Query::kListEncapsulations,
     Run::kPooled},
    {kRegistry, "ListFileTypes", ipc::Query::kListFileTypes, Run::kPooled},
    {kRegistry, "ListDissectorTables", ipc::Query::kListDissectorTables,
     Run::kPooled},
    {kRegistry, "ListDissectorTableEntries",
     ipc::Query::kListDissectorTableEntries, Run::kPooled},
    {kRegistry, "ListTimestampTypes", ipc::Query::kListTimestampTypes,
     Run::kPooled},
    {kRegistry, "ListPlugins", ipc::Query::kListPlugins, Run::kCached},
    {kRegistry, "ParseValue", ipc::Query::kParseValue, Run::kPooled},
    {kRegistry, "FormatValue", ipc::Query::kFormatValue, Run::kPooled},
    {kFilter, "CompileFilter", ipc::Query::kCompileFilter, Run::kPooled},
    {kFilter, "CompleteFilter", ipc::Query::kCompleteFilter, Run::kPooled},
    {kFilter, "ListFilterMacros", ipc::Query::kListFilterMacros, Run::kPooled},
    {kFilter, "ListSavedFilters", ipc::Query::kListSavedFilters, Run::kCached},
    {kPreference, "ListPreferenceModules", ipc::Query::kListPreferenceModules,
     Run::kPooled},
    {kPreference, "ListPreferences", ipc::Query::kListPreferences,
     Run::kPooled},
    {kPreference, "GetPreference", ipc::Query::kGetPreference, Run::kPooled},
    {kPreference, "ValidateOptions", ipc::Query::kValidateOptions,
     Run::kDedicated, EngineOfOptions<v1::ValidateOptionsRequest>},
    {kPreference, "ExportPreferences", ipc::Query::kExportPreferences,
     Run::kDedicated, EngineOfOptions<v1::ExportPreferencesRequest>},
    {kPreference, "ListDecodeAsTables", ipc::Query::kListDecodeAsTables,
     Run::kDedicated, EngineOfOptions<v1::ListDecodeAsTablesRequest>},
    {kPreference, "ListProfiles", ipc::Query::kListProfiles, Run::kCached},
    {kPreference, "GetCurrentProfile", ipc::Query::kGetCurrentProfile,
     Run::kCached},
};

namespace {

DedicatedQuery Prepare(ipc::Query kind, const grpc::ByteBuffer& request) {
  DedicatedQuery query;
  query.query.kind = kind;
  query.query.request = BytesOf(request);
  return query;
}

}  // namespace

QueryService::QueryService(const RpcService::Deps& deps,
                           const QueryDeps& queries, const std::string& name)
    : RpcService(deps, name), queries_(queries) {
  for (const Row& row : kRows) {
    if (row.service != name) continue;
    switch (row.run) {
      case Run::kPooled:
        BindPooled(row);
        break;
      case Run::kCached:
        BindCached(row);
        break;
      case Run::kDedicated:
        BindDedicated(row);
        break;
      case Run::kStream:
        BindStreaming(row);
        break;
    }
  }
}

void QueryService::BindPooled(const Row& row) {
  BindUnary(
      row.method, WorkerUse::kNone,
      [this, kind = row.query](Context context, const grpc::ByteBuffer& request,
                               grpc::ByteBuffer* response) {
        UnaryQueryCall* call =
            UnaryQueryCall::Create(queries_, std::move(context), response);
        call->RunPooled(kind, request);
        return call;
      });
}

void QueryService::BindCached(const Row& row) {
  BindUnary(row.method, WorkerUse::kNone,
            [this, kind = row.query](Context context, const grpc::ByteBuffer&,
                                     grpc::ByteBuffer* response) {
              UnaryQueryCall* call = UnaryQueryCall::Create(
                  queries_, std::move(context), response);
              call->RunCached(kind);
              return call;
            });
}

void QueryService::BindDedicated(const Row& row) {
  BindUnary(row.method, WorkerUse::kAlways,
            [this, &row](Context context, const grpc::ByteBuffer& request,
                         grpc::ByteBuffer* response) {
              UnaryQueryCall* call = UnaryQueryCall::Create(
                  queries_, std::move(context), response);
              DedicatedQuery query = Prepare(row.query, request);
              if (row.engine != nullptr) {
                query.engine = row.engine(query.query.request);
              }
              call->RunDedicated(std::move(query));
              return call;
            });
}

void QueryService::BindStreaming(const Row& row) {
  BindStream(row.method, WorkerUse::kAlways,
             [this, kind = row.query](Context context,
                                      const grpc::ByteBuffer& request) {
               StreamingQueryCall* call =
                   StreamingQueryCall::Create(queries_, std::move(context));
               call->Start(Prepare(kind, request));
               return call;
             });
}

}  // namespace dissectd::server
