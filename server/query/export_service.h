// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_EXPORT_SERVICE_H_
#define SERVER_QUERY_EXPORT_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "server/query/query_service.h"
#include "server/query/query_worker.h"
#include "server/query/unary_query_call.h"
#include "server/store/export_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// dissectd.v1.ExportService: each call has a worker write to a file that the
// daemon opened. Thread-safe.
class ExportService final
    : public v1::ExportService::WithRawCallbackMethod_ExportPackets<
          v1::ExportService::WithRawCallbackMethod_ExportPacketsToFile<
              v1::ExportService::Service>> {
 public:
  // `uploads` is not owned and outlives this.
  ExportService(const QueryDeps& deps, UploadStore* uploads)
      : deps_(deps), store_(deps.files, uploads) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* ExportPackets(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

  grpc::ServerUnaryReactor* ExportPacketsToFile(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;

 private:
  // What a worker is asked; without the output. May block on the file system.
  absl::StatusOr<DedicatedQuery> Prepare(
      ipc::Query kind, v1::ExportPacketsRequest request) const;
  absl::StatusOr<DedicatedQuery> PrepareStream(
      v1::ExportPacketsRequest request) const;

  // Has the call begun. May block on the file system.
  absl::Status BeginFile(v1::ExportPacketsToFileRequest request,
                         UnaryQueryCall* call);

  const QueryDeps deps_;
  ExportStore store_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_EXPORT_SERVICE_H_
