// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ANALYSIS_ANALYSIS_SERVICE_H_
#define SERVER_ANALYSIS_ANALYSIS_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>

#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "dissectd/v1/analysis.pb.h"
#include "server/capture/live_feed.h"
#include "server/policy/resource_access.h"
#include "server/query/query_deps.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/rpc_service.h"
#include "server/session/sessions.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// dissectd.v1.AnalysisService: a worker reads the whole capture of each call.
// Thread-safe.
class AnalysisService final : public RpcService {
 public:
  // Nothing is owned; all outlives the service.
  struct Deps {
    const FileStore* files;
    QueryDeps queries;
    const ResourceAccess* access;
    Sessions* sessions;
    LiveFeed::Deps live;
  };

  AnalysisService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  StreamReactor* RunStatistics(Context context,
                               const v1::RunStatisticsRequest& request);
  StreamReactor* WatchStatistics(Context context,
                                 const v1::WatchStatisticsRequest& request);
  StreamReactor* FollowStream(Context context,
                              const v1::FollowStreamRequest& request);
  StreamReactor* ListExportObjects(Context context,
                                   const v1::ListExportObjectsRequest& request);
  StreamReactor* ReadExportObjects(Context context,
                                   const v1::ReadExportObjectsRequest& request);
  UnaryReactor* ExportTlsSecrets(Context context,
                                 const v1::ExportTlsSecretsRequest& request,
                                 grpc::ByteBuffer* response);
  UnaryReactor* ListReports(Context context,
                            const v1::ListReportsRequest& request,
                            grpc::ByteBuffer* response);

  template <typename Request>
  StreamReactor* Stream(Context context, ipc::Query kind,
                        const Request& request);
  // Asks the session of a request.
  template <typename Request>
  absl::StatusOr<std::unique_ptr<RunningQuery>> AskSession(
      CallContext* context, ipc::Query kind, const Request& request,
      QueryReader* reader) const;
  // Opens the capture of a request for a worker. May block on the file system.
  template <typename Request>
  absl::StatusOr<DedicatedQuery> Prepare(CallContext* context, ipc::Query kind,
                                         Request request) const;

  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_ANALYSIS_ANALYSIS_SERVICE_H_
