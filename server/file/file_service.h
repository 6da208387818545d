// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_FILE_SERVICE_H_
#define SERVER_FILE_FILE_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>

#include "dissectd/v1/file.grpc.pb.h"
#include "server/query/query_service.h"
#include "server/rpc/call_tracker.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// The methods of dissectd.v1.FileService, by how they are called: those that
// libwireshark answers get and give bytes.
using FileServiceBase = v1::FileService::WithRawCallbackMethod_GetFile<
    v1::FileService::WithRawCallbackMethod_ReadRecords<
        v1::FileService::WithCallbackMethod_ListFiles<
            v1::FileService::WithCallbackMethod_ReadFile<
                v1::FileService::WithCallbackMethod_DeleteFile<
                    v1::FileService::WithCallbackMethod_CreateUpload<
                        v1::FileService::WithCallbackMethod_WriteUpload<
                            v1::FileService::WithCallbackMethod_AppendUpload<
                                v1::FileService::WithCallbackMethod_GetUpload<
                                    v1::FileService::
                                        WithCallbackMethod_DeleteUpload<
                                            v1::FileService::Service>>>>>>>>>>;

// dissectd.v1.FileService: hands each call to the pool, as file systems may
// block. Thread-safe.
class FileService final : public FileServiceBase {
 public:
  // Nothing is owned; all outlives this.
  struct Deps {
    const FileStore* files;
    UploadStore* uploads;
    asio::thread_pool* pool;
    CallTracker* tracker;
    QueryDeps queries;
  };

  explicit FileService(const Deps& deps) : deps_(deps) {}

  grpc::ServerUnaryReactor* ListFiles(grpc::CallbackServerContext* context,
                                      const v1::ListFilesRequest* request,
                                      v1::ListFilesResponse* response) override;
  grpc::ServerUnaryReactor* GetFile(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadRecords(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;
  grpc::ServerWriteReactor<v1::ReadFileResponse>* ReadFile(
      grpc::CallbackServerContext* context,
      const v1::ReadFileRequest* request) override;
  grpc::ServerUnaryReactor* DeleteFile(
      grpc::CallbackServerContext* context,
      const v1::DeleteFileRequest* request,
      v1::DeleteFileResponse* response) override;
  grpc::ServerUnaryReactor* CreateUpload(
      grpc::CallbackServerContext* context,
      const v1::CreateUploadRequest* request,
      v1::CreateUploadResponse* response) override;
  grpc::ServerReadReactor<v1::WriteUploadRequest>* WriteUpload(
      grpc::CallbackServerContext* context,
      v1::WriteUploadResponse* response) override;
  grpc::ServerUnaryReactor* AppendUpload(
      grpc::CallbackServerContext* context,
      const v1::AppendUploadRequest* request,
      v1::AppendUploadResponse* response) override;
  grpc::ServerUnaryReactor* GetUpload(grpc::CallbackServerContext* context,
                                      const v1::GetUploadRequest* request,
                                      v1::GetUploadResponse* response) override;
  grpc::ServerUnaryReactor* DeleteUpload(
      grpc::CallbackServerContext* context,
      const v1::DeleteUploadRequest* request,
      v1::DeleteUploadResponse* response) override;

 private:
  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_FILE_SERVICE_H_
