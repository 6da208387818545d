// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file_service.h"

#include <asio/post.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/base/status_macros.h"
#include "server/errors.h"
#include "server/file_conversion.h"
#include "server/file_listing.h"
#include "server/grpc_status.h"
#include "server/resource_names.h"
#include "server/upload_call.h"

namespace dissectd {
namespace {

// Runs `handle` on the pool and finishes the call with what it returns.
template <typename Handler>
grpc::ServerUnaryReactor* RunOn(const FileService::Parts& parts,
                                grpc::CallbackServerContext* context,
                                Handler handle) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  CallGate::Pass pass = parts.gate->Enter();
  if (!pass.valid()) {
    reactor->Finish(ToGrpcStatus(errors::ServerStopping()));
    return reactor;
  }
  asio::post(*parts.pool,
             [reactor, handle = std::move(handle), pass = std::move(pass)] {
               reactor->Finish(ToGrpcStatus(handle()));
             });
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* FileService::ListFiles(
    grpc::CallbackServerContext* context, const v1::ListFilesRequest* request,
    v1::ListFilesResponse* response) {
  return RunOn(parts_, context, [this, request, response] {
    return ListPage(*parts_.files, *request, response);
  });
}

grpc::ServerUnaryReactor* FileService::GetFile(
    grpc::CallbackServerContext* context, const v1::GetFileRequest* request,
    v1::GetFileResponse* response) {
  return RunOn(parts_, context, [this, request, response]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path, ParseFileName(request->name()));
    ASSIGN_OR_RETURN(const FileStore::FileInfo info, parts_.files->Stat(path));
    ToProto(info, response->mutable_file());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* FileService::DeleteFile(
    grpc::CallbackServerContext* context, const v1::DeleteFileRequest* request,
    v1::DeleteFileResponse*) {
  return RunOn(parts_, context, [this, request]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path, ParseFileName(request->name()));
    return parts_.uploads->DeleteFile(path);
  });
}

grpc::ServerUnaryReactor* FileService::CreateUpload(
    grpc::CallbackServerContext* context,
    const v1::CreateUploadRequest* request,
    v1::CreateUploadResponse* response) {
  return RunOn(parts_, context, [this, request, response]() -> absl::Status {
    ASSIGN_OR_RETURN(const UploadStore::Info info,
                     parts_.uploads->Create(request->file_name()));
    ToProto(info, response->mutable_upload());
    return absl::OkStatus();
  });
}

grpc::ServerReadReactor<v1::WriteUploadRequest>* FileService::WriteUpload(
    grpc::CallbackServerContext*, v1::WriteUploadResponse* response) {
  return UploadCall::Create(parts_.uploads, parts_.pool, parts_.gate->Enter(),
                            response);
}

grpc::ServerUnaryReactor* FileService::GetUpload(
    grpc::CallbackServerContext* context, const v1::GetUploadRequest* request,
    v1::GetUploadResponse* response) {
  return RunOn(parts_, context, [this, request, response]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request->name()));
    ASSIGN_OR_RETURN(const UploadStore::Info info, parts_.uploads->Get(id));
    ToProto(info, response->mutable_upload());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* FileService::DeleteUpload(
    grpc::CallbackServerContext* context,
    const v1::DeleteUploadRequest* request, v1::DeleteUploadResponse*) {
  return RunOn(parts_, context, [this, request]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request->name()));
    return parts_.uploads->Delete(id);
  });
}

}  // namespace dissectd
