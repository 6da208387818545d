// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_EXPORT_SERVICE_H_
#define SERVER_QUERY_EXPORT_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
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

  UnaryReactor* MergeFiles(Context context,
                           const v1::MergeFilesRequest& request,
                           grpc::ByteBuffer* response);
  UnaryReactor* SplitFile(Context context, const v1::SplitFileRequest& request,
                          grpc::ByteBuffer* response);

  // Has `begin` start a call on the pool.
  using BeginFn = std::function<absl::Status(UnaryQueryCall* call)>;
  UnaryReactor* BeginUnary(Context context, grpc::ByteBuffer* response,
                           BeginFn begin);

  // A capture of a session; null if the request has another source.
  using SessionSource = std::shared_ptr<SessionExport>;
  using SourceFn =
      std::function<void(const absl::StatusOr<SessionSource>& source)>;
  // Calls `begin` on the pool, with what the request is about. `call` lives
  // until then.
  void BeginWithSource(const v1::ExportPacketsRequest& request,
                       const std::shared_ptr<Call>& call,
                       const SourceFn& begin);

  // Returns the query for a worker, without the output. May block on the file
  // system.
  absl::StatusOr<DedicatedQuery> Prepare(CallContext* context, ipc::Query kind,
                                         v1::ExportPacketsRequest request,
                                         const SessionSource& session) const;
  absl::StatusOr<DedicatedQuery> PrepareStream(
      CallContext* context, v1::ExportPacketsRequest request,
      const SessionSource& session) const;

  // Start the calls. May block on the file system.
  absl::Status BeginFile(v1::ExportPacketsToFileRequest request,
                         const SessionSource& session, UnaryQueryCall* call);
  absl::Status BeginMerge(v1::MergeFilesRequest request, UnaryQueryCall* call);
  absl::Status BeginSplit(v1::SplitFileRequest request, UnaryQueryCall* call);

  struct PendingExport;
  using PendingExportPtr = std::shared_ptr<PendingExport>;

  // Returns a file that may be made, without the file itself. If it isn't
  // `named`, it is divided into files with other names.
  absl::StatusOr<PendingExportPtr> NewWork(CallContext* context,
                                           const std::string& name,
                                           bool overwrite,
                                           bool named = true) const;
  // Names the files, and makes the response of the worker's answer.
  using PublishFn = std::function<absl::StatusOr<grpc::ByteBuffer>(
      const PendingExport& work, const grpc::ByteBuffer& answer)>;
  // Makes the file, has the worker write it, and publishes it. `captures` are
  // open.
  absl::Status WriteFile(const PendingExportPtr& work, DedicatedQuery query,
                         absl::Span<const int> captures, UnaryQueryCall* call,
                         PublishFn publish);

  // Checks that the caller may make the file, or replace the one that has its
  // name.
  absl::Status CheckTarget(const PendingExport& work) const;
  // Gives the file its name and its owner.
  absl::StatusOr<FileStore::FileInfo> NameFile(const PendingExport& work);
  // Names the file, and adds it to the worker's response.
  template <typename Response>
  absl::StatusOr<grpc::ByteBuffer> Publish(const PendingExport& work,
                                           const grpc::ByteBuffer& answer);
  // Divides the file into those that the worker's answer names.
  absl::StatusOr<grpc::ByteBuffer> PublishParts(const PendingExport& work,
                                                const grpc::ByteBuffer& answer);
  // Gives the parts their names and their owner.
  absl::StatusOr<std::vector<FileStore::FileInfo>> NameParts(
      const PendingExport& work, const std::vector<std::string>& paths,
      ExportStore::Parts* parts);

  const Deps deps_;
  ExportStore store_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_EXPORT_SERVICE_H_
