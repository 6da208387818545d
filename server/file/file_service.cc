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
#include "server/rpc/message_bytes.h"
#include "server/store/file_conversion.h"
#include "server/store/file_listing.h"

namespace dissectd::server {
namespace {

// Returns a serialised GetFileResponse with the store's information about the
// file.
absl::StatusOr<std::string> StatFile(const FileStore& files,
                                     const v1::GetFileRequest& request) {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  ASSIGN_OR_RETURN(const FileStore::FileInfo info, files.Stat(path));
  v1::GetFileResponse response;
  ToProto(info, response.mutable_file());
  return response.SerializeAsString();
}

}  // namespace

FileService::FileService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.FileService"), deps_(deps) {
  BindOnPool("ListFiles", &FileService::ListFiles);
  // Only FILE_VIEW_FULL needs a worker.
  BindUnary("GetFile", WorkerUse::kOnDemand, &FileService::GetFile);
  BindStream("ReadFile", WorkerUse::kNone, &FileService::ReadFile);
  BindStream("ReadRecords", WorkerUse::kAlways, &FileService::ReadRecords);
  BindOnPool("DeleteFile", &FileService::DeleteFile);
  BindOnPool("CreateUpload", &FileService::CreateUpload);
  BindUpload("WriteUpload", WorkerUse::kNone,
             [this](Context context, grpc::ByteBuffer* response) {
               return UploadCall::Create(
                   {this->deps().loop, this->deps().pool, deps_.uploads},
                   std::move(context), response);
             });
  BindOnPool("AppendUpload", &FileService::AppendUpload);
  BindOnPool("GetUpload", &FileService::GetUpload);
  BindOnPool("DeleteUpload", &FileService::DeleteUpload);
  BindUnary("ShareFile", WorkerUse::kNone,
            [this](Context context, const grpc::ByteBuffer&,
                   grpc::ByteBuffer*) -> UnaryReactor* {
              return Refuse<UnaryReactor>(
                  std::move(context),
                  absl::UnimplementedError("The daemon has no policy."));
            });
}

absl::Status FileService::ListFiles(CallContext*,
                                    const v1::ListFilesRequest& request,
                                    v1::ListFilesResponse* response) {
  return ListPage(*deps_.files, request, response);
}

RpcService::UnaryReactor* FileService::GetFile(
    Context context, const v1::GetFileRequest& request,
    grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  asio::post(*deps().pool,
             [this, call, request] { BeginGetFile(request, call); });
  return call;
}

void FileService::BeginGetFile(const v1::GetFileRequest& request,
                               UnaryQueryCall* call) {
  absl::StatusOr<std::string> known = StatFile(*deps_.files, request);
  if (!known.ok()) return call->Abort(known.status());
  if (request.view() != v1::FILE_VIEW_FULL) return call->Respond(*known);
  absl::StatusOr<DedicatedQuery> query = QueryAboutFile(
      *deps_.files, ipc::Query::kDescribeCapture, "", request.name());
  if (!query.ok()) return call->Abort(query.status());
  call->RunDedicated(*std::move(query),
                     [known = *std::move(known)](
                         const absl::StatusOr<grpc::ByteBuffer>& answer,
                         UnaryQueryCall::Done done) {
                       if (!answer.ok()) return done(answer.status());
                       done(JoinMessages(known, *answer));
                     });
}

RpcService::StreamReactor* FileService::ReadFile(
    Context context, const v1::ReadFileRequest& request) {
  return FileReadCall::Create({deps().loop, deps().pool, deps_.files},
                              std::move(context), request);
}

RpcService::StreamReactor* FileService::ReadRecords(
    Context context, const v1::ReadRecordsRequest& request) {
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  asio::post(*deps().pool, [this, call, request] {
    absl::StatusOr<DedicatedQuery> query =
        QueryAboutFile(*deps_.files, ipc::Query::kReadRecords,
                       request.SerializeAsString(), request.name());
    if (!query.ok()) return call->Fail(query.status());
    call->Start(*std::move(query));
  });
  return call;
}

absl::Status FileService::DeleteFile(CallContext*,
                                     const v1::DeleteFileRequest& request,
                                     v1::DeleteFileResponse*) {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  return deps_.uploads->DeleteFile(path);
}

absl::Status FileService::CreateUpload(CallContext* context,
                                       const v1::CreateUploadRequest& request,
                                       v1::CreateUploadResponse* response) {
  ASSIGN_OR_RETURN(
      const UploadStore::Info info,
      deps_.uploads->Create(request.file_name(), context->principal(),
                            request.sha256(), context->info().share_key));
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::AppendUpload(CallContext*,
                                       const v1::AppendUploadRequest& request,
                                       v1::AppendUploadResponse* response) {
  if (request.data().size() > kMaxUploadChunkBytes) {
    return errors::UploadChunkTooLarge(request.data().size(),
                                       kMaxUploadChunkBytes);
  }
  ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request.name()));
  ASSIGN_OR_RETURN(const std::unique_ptr<UploadStore::Writer> writer,
                   deps_.uploads->OpenWriter(id));
  RETURN_IF_ERROR(writer->Write(request.offset(), request.data()));
  ASSIGN_OR_RETURN(const UploadStore::Info info,
                   request.finish() ? writer->Finish() : writer->Commit());
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::GetUpload(CallContext*,
                                    const v1::GetUploadRequest& request,
                                    v1::GetUploadResponse* response) {
  ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request.name()));
  ASSIGN_OR_RETURN(const UploadStore::Info info, deps_.uploads->Get(id));
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::DeleteUpload(CallContext*,
                                       const v1::DeleteUploadRequest& request,
                                       v1::DeleteUploadResponse*) {
  ASSIGN_OR_RETURN(const std::string id, ParseUploadName(request.name()));
  return deps_.uploads->Delete(id);
}

}  // namespace dissectd::server
