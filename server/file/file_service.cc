// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/file_service.h"

#include <asio/post.hpp>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/resource_names.h"
#include "server/file/file_read_call.h"
#include "server/file/upload_call.h"
#include "server/query/capture_query.h"
#include "server/query/streaming_query_call.h"
#include "server/query/unary_query_call.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/message_bytes.h"
#include "server/store/file_conversion.h"
#include "server/store/file_listing.h"

namespace dissectd::server {
namespace {

// Runs `handle` on the pool and finishes the call with what it returns.
template <typename Handler>
grpc::ServerUnaryReactor* RunOn(const FileService::Deps& deps,
                                grpc::CallbackServerContext* context,
                                Handler handle) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  CallTracker::Token token = deps.tracker->Enter();
  if (!token.valid()) {
    reactor->Finish(ToGrpcStatus(errors::ServerStopping()));
    return reactor;
  }
  asio::post(*deps.pool,
             [reactor, handle = std::move(handle), token = std::move(token)] {
               reactor->Finish(ToGrpcStatus(handle()));
             });
  return reactor;
}

// Returns a serialised GetFileResponse with what the store knows of the file.
absl::StatusOr<std::string> StatFile(const FileStore& files,
                                     const v1::GetFileRequest& request) {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  ASSIGN_OR_RETURN(const FileStore::FileInfo info, files.Stat(path));
  v1::GetFileResponse response;
  ToProto(info, response.mutable_file());
  return response.SerializeAsString();
}

absl::Status Append(UploadStore* uploads,
                    const v1::AppendUploadRequest& request,
                    v1::AppendUploadResponse* response) {
  if (request.data().size() > kMaxUploadChunkBytes) {
    return errors::UploadChunkTooLarge(request.data().size(),
                                       kMaxUploadChunkBytes);
  }
  ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request.name()));
  ASSIGN_OR_RETURN(const std::unique_ptr<UploadStore::Writer> writer,
                   uploads->OpenWriter(id));
  RETURN_IF_ERROR(writer->Write(request.offset(), request.data()));
  ASSIGN_OR_RETURN(const UploadStore::Info info,
                   request.finish() ? writer->Finish() : writer->Commit());
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* FileService::ListFiles(
    grpc::CallbackServerContext* context, const v1::ListFilesRequest* request,
    v1::ListFilesResponse* response) {
  return RunOn(deps_, context, [this, request, response] {
    return ListPage(*deps_.files, *request, response);
  });
}

grpc::ServerUnaryReactor* FileService::GetFile(grpc::CallbackServerContext*,
                                               const grpc::ByteBuffer* bytes,
                                               grpc::ByteBuffer* response) {
  CallTracker::Token token = deps_.tracker->Enter();
  v1::GetFileRequest request;
  absl::Status status = ParseMessage(*bytes, &request);
  if (!token.valid()) status = errors::ServerStopping();
  const QueryDeps& queries = deps_.queries;
  UnaryQueryCall* call = UnaryQueryCall::Create(
      {queries.loop, queries.engine, queries.pool}, std::move(token), response);
  if (!status.ok()) {
    call->Fail(status);
    return call;
  }
  asio::post(*deps_.pool, [this, call, request = std::move(request)] {
    absl::StatusOr<std::string> known = StatFile(*deps_.files, request);
    if (!known.ok()) return call->Fail(known.status());
    if (request.view() != v1::FILE_VIEW_FULL) {
      return call->Answer(*known);
    }
    absl::StatusOr<DedicatedQuery> query = QueryAboutFile(
        deps_.queries, ipc::Query::kDescribeCapture, "", request.name());
    if (!query.ok()) return call->Fail(query.status());
    query->known = *std::move(known);
    call->RunDedicated(*std::move(query));
  });
  return call;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* FileService::ReadRecords(
    grpc::CallbackServerContext*, const grpc::ByteBuffer* bytes) {
  CallTracker::Token token = deps_.tracker->Enter();
  v1::ReadRecordsRequest request;
  absl::Status status = ParseMessage(*bytes, &request);
  if (!token.valid()) status = errors::ServerStopping();
  const std::shared_ptr<StreamingQueryCall> call = StreamingQueryCall::Create(
      {deps_.queries.loop, deps_.queries.engine}, std::move(token));
  if (!status.ok()) {
    call->Fail(status);
    return call.get();
  }
  asio::post(*deps_.pool, [this, call, request = std::move(request)] {
    absl::StatusOr<DedicatedQuery> query =
        QueryAboutFile(deps_.queries, ipc::Query::kReadRecords,
                       request.SerializeAsString(), request.name());
    if (!query.ok()) return call->Fail(query.status());
    call->Start(*std::move(query));
  });
  return call.get();
}

grpc::ServerWriteReactor<v1::ReadFileResponse>* FileService::ReadFile(
    grpc::CallbackServerContext*, const v1::ReadFileRequest* request) {
  return FileReadCall::Create(deps_.files, deps_.pool, deps_.tracker->Enter(),
                              *request);
}

grpc::ServerUnaryReactor* FileService::DeleteFile(
    grpc::CallbackServerContext* context, const v1::DeleteFileRequest* request,
    v1::DeleteFileResponse*) {
  return RunOn(deps_, context, [this, request]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path, ParseFileName(request->name()));
    return deps_.uploads->DeleteFile(path);
  });
}

grpc::ServerUnaryReactor* FileService::CreateUpload(
    grpc::CallbackServerContext* context,
    const v1::CreateUploadRequest* request,
    v1::CreateUploadResponse* response) {
  return RunOn(deps_, context, [this, request, response]() -> absl::Status {
    ASSIGN_OR_RETURN(const UploadStore::Info info,
                     deps_.uploads->Create(request->file_name()));
    ToProto(info, response->mutable_upload());
    return absl::OkStatus();
  });
}

grpc::ServerReadReactor<v1::WriteUploadRequest>* FileService::WriteUpload(
    grpc::CallbackServerContext*, v1::WriteUploadResponse* response) {
  return UploadCall::Create(deps_.uploads, deps_.pool, deps_.tracker->Enter(),
                            response);
}

grpc::ServerUnaryReactor* FileService::AppendUpload(
    grpc::CallbackServerContext* context,
    const v1::AppendUploadRequest* request,
    v1::AppendUploadResponse* response) {
  return RunOn(deps_, context, [this, request, response] {
    return Append(deps_.uploads, *request, response);
  });
}

grpc::ServerUnaryReactor* FileService::GetUpload(
    grpc::CallbackServerContext* context, const v1::GetUploadRequest* request,
    v1::GetUploadResponse* response) {
  return RunOn(deps_, context, [this, request, response]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request->name()));
    ASSIGN_OR_RETURN(const UploadStore::Info info, deps_.uploads->Get(id));
    ToProto(info, response->mutable_upload());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* FileService::DeleteUpload(
    grpc::CallbackServerContext* context,
    const v1::DeleteUploadRequest* request, v1::DeleteUploadResponse*) {
  return RunOn(deps_, context, [this, request]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request->name()));
    return deps_.uploads->Delete(id);
  });
}

}  // namespace dissectd::server
