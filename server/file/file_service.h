// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_FILE_SERVICE_H_
#define SERVER_FILE_FILE_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/file.pb.h"
#include "server/policy/resource_access.h"
#include "server/query/query_deps.h"
#include "server/query/unary_query_call.h"
#include "server/rpc/rpc_service.h"
#include "server/store/file_owners.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// dissectd.v1.FileService: runs each call on the pool, as file systems may
// block. Thread-safe.
class FileService final : public RpcService {
 public:
  // Nothing is owned; everything outlives this.
  struct Deps {
    const FileStore* files;
    UploadStore* uploads;
    QueryDeps queries;
    const ResourceAccess* access;
    FileOwners* owners;
  };

  FileService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  absl::Status ListFiles(CallContext* context,
                         const v1::ListFilesRequest& request,
                         v1::ListFilesResponse* response);
  UnaryReactor* GetFile(Context context, const v1::GetFileRequest& request,
                        grpc::ByteBuffer* response);
  // Returns a serialised GetFileResponse with the store's information about the
  // file.
  absl::StatusOr<std::string> StatFile(CallContext* context,
                                       const v1::GetFileRequest& request) const;
  void BeginGetFile(const v1::GetFileRequest& request, UnaryQueryCall* call);
  StreamReactor* ReadFile(Context context, const v1::ReadFileRequest& request);
  StreamReactor* ReadRecords(Context context,
                             const v1::ReadRecordsRequest& request);
  absl::Status DeleteFile(CallContext* context,
                          const v1::DeleteFileRequest& request,
                          v1::DeleteFileResponse* response);
  absl::Status CreateUpload(CallContext* context,
                            const v1::CreateUploadRequest& request,
                            v1::CreateUploadResponse* response);
  absl::Status AppendUpload(CallContext* context,
                            const v1::AppendUploadRequest& request,
                            v1::AppendUploadResponse* response);
  absl::Status GetUpload(CallContext* context,
                         const v1::GetUploadRequest& request,
                         v1::GetUploadResponse* response);
  absl::Status DeleteUpload(CallContext* context,
                            const v1::DeleteUploadRequest& request,
                            v1::DeleteUploadResponse* response);

  absl::Status ShareFile(CallContext* context,
                         const v1::ShareFileRequest& request,
                         v1::ShareFileResponse* response);

  // Fills in the owner and the readers of a file.
  void AddOwnership(v1::File* file) const;
  // Notes that the caller owns an upload that it has created.
  absl::Status OwnUpload(const Principal& caller,
                         const UploadStore::Info& info);

  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_FILE_SERVICE_H_
