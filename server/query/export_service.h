// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_EXPORT_SERVICE_H_
#define SERVER_QUERY_EXPORT_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/export.pb.h"
#include "server/policy/resource_access.h"
#include "server/query/query_deps.h"
#include "server/query/query_worker.h"
#include "server/query/unary_query_call.h"
#include "server/rpc/call.h"
#include "server/rpc/rpc_service.h"
#include "server/session/sessions.h"
#include "server/store/export_store.h"
#include "server/store/file_owners.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// dissectd.v1.ExportService: in each call a worker writes to a file that the
// daemon opened. Thread-safe.
class ExportService final : public RpcService {
 public:
  // Nothing is owned; all outlives the service.
  struct Deps {
    const FileStore* files;
    UploadStore* uploads;
    QueryDeps queries;
    const ResourceAccess* access;
    FileOwners* owners;
    const Sessions* sessions;
  };

  ExportService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  StreamReactor* ExportPackets(Context context,
                               const v1::ExportPacketsRequest& request);
  UnaryReactor* ExportPacketsToFile(
      Context context, const v1::ExportPacketsToFileRequest& request,
      grpc::ByteBuffer* response);

  // A capture of a session; null if the request has another source.
  using SessionSource = std::shared_ptr<SessionExport>;
  using BeginFn =
      std::function<void(const absl::StatusOr<SessionSource>& source)>;

  // Calls `begin` where it may block on the file system, with what the request
  // is about. `call` lives until then.
  void BeginWithSource(const v1::ExportPacketsRequest& request,
                       std::shared_ptr<Call> call, BeginFn begin);

  // Returns the query for a worker, without the output. May block on the file
  // system.
  absl::StatusOr<DedicatedQuery> Prepare(CallContext* context, ipc::Query kind,
                                         v1::ExportPacketsRequest request,
                                         const SessionSource& session) const;
  absl::StatusOr<DedicatedQuery> PrepareStream(
      CallContext* context, v1::ExportPacketsRequest request,
      const SessionSource& session) const;

  // Starts the call. May block on the file system.
  absl::Status BeginFile(v1::ExportPacketsToFileRequest request,
                         const SessionSource& session, UnaryQueryCall* call);

  struct PendingExport;

  // Checks that the caller may make the file, or replace the one that has its
  // name.
  absl::Status CheckTarget(const PendingExport& work) const;
  // Gives the file its name and its owner.
  absl::StatusOr<FileStore::FileInfo> NameFile(const PendingExport& work);
  // Names the file, and adds it to the worker's response.
  absl::StatusOr<grpc::ByteBuffer> Publish(const PendingExport& work,
                                           const grpc::ByteBuffer& answer);

  const Deps deps_;
  ExportStore store_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_EXPORT_SERVICE_H_
