// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/file_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/resource_names.h"
#include "server/file/file_read_call.h"
#include "server/file/permitted_upload.h"
#include "server/file/upload_call.h"
#include "server/policy/readers.h"
#include "server/query/capture_query.h"
#include "server/query/streaming_query_call.h"
#include "server/rpc/message_bytes.h"
#include "server/store/file_conversion.h"
#include "server/store/file_listing.h"
#include "server/store/store_errors.h"

namespace dissectd::server {

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
                   {this->deps().loop, this->deps().file_queue, deps_.uploads,
                    deps_.access},
                   std::move(context), response);
             });
  BindOnPool("AppendUpload", &FileService::AppendUpload);
  BindOnPool("GetUpload", &FileService::GetUpload);
  BindOnPool("DeleteUpload", &FileService::DeleteUpload);
  BindOnPool("ShareFile", &FileService::ShareFile);
}

absl::Status FileService::ListFiles(CallContext* context,
                                    const v1::ListFilesRequest& request,
                                    v1::ListFilesResponse* response) {
  const Actor actor = ActorOf(*context);
  StoreView view;
  view.shows = [&](const std::string& path) {
    return deps_.access->Shows(actor, path);
  };
  view.selection.names = [&](const std::string& folder) {
    return deps_.access->NamesToShow(actor, folder);
  };
  view.selection.is_over = [context] { return context->is_abandoned(); };
  RETURN_IF_ERROR(ListPage(*deps_.files, request, view, response));
  if (context->is_abandoned()) return context->CancelledStatus();
  for (v1::File& file : *response->mutable_files()) AddOwnership(&file);
  return absl::OkStatus();
}

void FileService::AddOwnership(v1::File* file) const {
  const absl::StatusOr<std::string> path = ParseFileName(file->name());
  if (!path.ok()) return;
  const std::optional<FileOwners::Ownership> ownership =
      deps_.owners->FindFile(*path);
  if (!ownership.has_value()) return;
  file->set_owner(ownership->owner);
  file->mutable_readers()->Assign(ownership->readers.begin(),
                                  ownership->readers.end());
}

RpcService::UnaryReactor* FileService::GetFile(
    Context context, const v1::GetFileRequest& request,
    grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  deps().file_queue->Begin(call->shared_from_this(),
                           [this, call, request](const absl::Status& turn) {
                             if (!turn.ok()) return call->Abort(turn);
                             BeginGetFile(request, call);
                           });
  return call;
}

absl::StatusOr<std::string> FileService::StatFile(
    CallContext* context, const v1::GetFileRequest& request) const {
  context->AddResource(request.name());
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  RETURN_IF_ERROR(deps_.access->CheckFile(ActorOf(*context), Use::kRead, path));
  ASSIGN_OR_RETURN(const FileStore::FileInfo info, deps_.files->Stat(path));
  v1::GetFileResponse response;
  ToProto(info, response.mutable_file());
  AddOwnership(response.mutable_file());
  return response.SerializeAsString();
}

void FileService::BeginGetFile(const v1::GetFileRequest& request,
                               UnaryQueryCall* call) {
  absl::StatusOr<std::string> known = StatFile(call->context(), request);
  if (!known.ok()) return call->Abort(known.status());
  if (request.view() != v1::FILE_VIEW_FULL) return call->Respond(*known);
  absl::StatusOr<DedicatedQuery> query =
      QueryAboutFile(call->context(), *deps_.access, *deps_.files,
                     ipc::Query::kDescribeCapture, "", request.name());
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
  return FileReadCall::Create(
      {deps().loop, deps().file_queue, deps_.files, deps_.access},
      std::move(context), request);
}

RpcService::StreamReactor* FileService::ReadRecords(
    Context context, const v1::ReadRecordsRequest& request) {
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  deps().file_queue->Begin(
      call->shared_from_this(),
      [this, call, request](const absl::Status& turn) {
        if (!turn.ok()) return call->Fail(turn);
        absl::StatusOr<DedicatedQuery> query =
            QueryAboutFile(call->context(), *deps_.access, *deps_.files,
                           ipc::Query::kReadRecords,
                           request.SerializeAsString(), request.name());
        if (!query.ok()) return call->Fail(query.status());
        call->Start(*std::move(query));
      });
  return call;
}

absl::Status FileService::DeleteFile(CallContext* context,
                                     const v1::DeleteFileRequest& request,
                                     v1::DeleteFileResponse*) {
  context->AddResource(request.name());
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  // Otherwise an export could get the name after the check.
  const absl::MutexLock names(deps_.owners->export_names());
  RETURN_IF_ERROR(
      deps_.access->CheckFile(ActorOf(*context), Use::kChange, path));
  const std::optional<std::string> key = deps_.owners->KeyOf(path);
  RETURN_IF_ERROR(deps_.uploads->DeleteFile(path));
  // A deleted capture may have left more files than this one.
  const bool has_more = IsOfCapture(path) && deps_.owners->Exists(*key);
  if (key.has_value() && !has_more) deps_.owners->Forget(*key);
  return absl::OkStatus();
}

absl::Status FileService::ShareFile(CallContext* context,
                                    const v1::ShareFileRequest& request,
                                    v1::ShareFileResponse* response) {
  context->AddResource(request.name());
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(request.name()));
  RETURN_IF_ERROR(CheckReaders(request.readers()));
  const absl::MutexLock names(deps_.owners->export_names());
  RETURN_IF_ERROR(
      deps_.access->CheckFile(ActorOf(*context), Use::kChange, path));
  ASSIGN_OR_RETURN(const FileStore::FileInfo info, deps_.files->Stat(path));
  const std::optional<std::string> key = deps_.owners->KeyOf(path);
  if (IsOfCapture(path)) {
    return errors::FileOfCapture(request.name(), "shared");
  }
  if (!key.has_value()) return errors::FileNotShareable(request.name());
  FileOwners::Ownership ownership =
      deps_.owners->Find(*key).value_or(FileOwners::Ownership());
  const std::vector<std::string> before = std::move(ownership.readers);
  ownership.readers = {request.readers().begin(), request.readers().end()};
  RETURN_IF_ERROR(deps_.owners->Set(*key, ownership));
  context->NoteReaders(ChangeOfReaders(before, ownership.readers));
  ToProto(info, response->mutable_file());
  AddOwnership(response->mutable_file());
  return absl::OkStatus();
}

absl::Status FileService::CreateUpload(CallContext* context,
                                       const v1::CreateUploadRequest& request,
                                       v1::CreateUploadResponse* response) {
  ASSIGN_OR_RETURN(
      const UploadStore::Info info,
      deps_.uploads->Create(request.file_name(), context->principal(),
                            request.sha256(), context->info().share_key));
  context->AddResource(UploadName(info.id));
  RETURN_IF_ERROR(OwnUpload(context->principal(), info));
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::OwnUpload(const Principal& caller,
                                    const UploadStore::Info& info) {
  const std::string key = FileOwners::UploadKey(info.id);
  if (caller.authentication == Authentication::kNone ||
      deps_.owners->Find(key).has_value()) {
    return absl::OkStatus();
  }
  const absl::Status noted = deps_.owners->Set(key, {caller.id, {}});
  // Nobody could go on with it.
  if (!noted.ok()) deps_.uploads->Delete(info.id).IgnoreError();
  return noted;
}

absl::Status FileService::AppendUpload(CallContext* context,
                                       const v1::AppendUploadRequest& request,
                                       v1::AppendUploadResponse* response) {
  if (request.data().size() > kMaxUploadChunkBytes) {
    return errors::UploadChunkTooLarge(request.data().size(),
                                       kMaxUploadChunkBytes);
  }
  ASSIGN_OR_RETURN(
      const std::string id,
      PermittedUpload(context, *deps_.access, *deps_.uploads, request.name()));
  ASSIGN_OR_RETURN(const std::unique_ptr<UploadStore::Writer> writer,
                   deps_.uploads->OpenWriter(id));
  RETURN_IF_ERROR(writer->Write(request.offset(), request.data()));
  ASSIGN_OR_RETURN(const UploadStore::Info info,
                   request.finish() ? writer->Finish() : writer->Commit());
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::GetUpload(CallContext* context,
                                    const v1::GetUploadRequest& request,
                                    v1::GetUploadResponse* response) {
  ASSIGN_OR_RETURN(
      const std::string id,
      PermittedUpload(context, *deps_.access, *deps_.uploads, request.name()));
  ASSIGN_OR_RETURN(const UploadStore::Info info, deps_.uploads->Get(id));
  ToProto(info, response->mutable_upload());
  return absl::OkStatus();
}

absl::Status FileService::DeleteUpload(CallContext* context,
                                       const v1::DeleteUploadRequest& request,
                                       v1::DeleteUploadResponse*) {
  ASSIGN_OR_RETURN(
      const std::string id,
      PermittedUpload(context, *deps_.access, *deps_.uploads, request.name()));
  RETURN_IF_ERROR(deps_.uploads->Delete(id));
  deps_.owners->Forget(FileOwners::UploadKey(id));
  return absl::OkStatus();
}

}  // namespace dissectd::server
