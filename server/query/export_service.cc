// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/export_service.h"

#include <grpcpp/support/slice.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "server/base/base_name.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/policy/permissions.h"
#include "server/query/capture_query.h"
#include "server/query/export_errors.h"
#include "server/query/streaming_query_call.h"
#include "server/rpc/message_bytes.h"
#include "server/session/session_errors.h"
#include "server/session/session_processes.h"
#include "server/store/capture_source.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {
namespace {

constexpr int kMinMergedFiles = 2;
constexpr int kMaxMergedFiles = 64;

absl::StatusOr<UniqueFd> Duplicate(const UniqueFd& fd) {
  UniqueFd copy = fd.Duplicate();
  if (!copy.valid()) return errors::WorkerNotStarted(errno);
  return copy;
}

// Leaves only the bytes of a complete file counted, unless its call has ended
// already. May block on the file system.
void Settle(const UniqueFd& file,
            const std::weak_ptr<StoreQuota::Lease>& weak_lease) {
  const std::shared_ptr<StoreQuota::Lease> lease = weak_lease.lock();
  struct stat status;
  if (lease != nullptr && fstat(file.get(), &status) == 0) {
    lease->Settle(static_cast<uint64_t>(status.st_size));
  }
}

// May block on the file system.
absl::Status CheckUnchanged(const SessionProcesses::Source& source) {
  struct stat now = {};
  if (fstat(source.file.get(), &now) != 0) {
    return errors::FileSystemError("look at the file", errno);
  }
  return IsChanged(now, source.status) ? errors::SessionFileChanged()
                                       : absl::OkStatus();
}

// Moves the file of a session, or the first one of its capture, out, and gives
// the request the session's options. May block on the file system.
absl::StatusOr<CaptureSource> TakeCapture(SessionExport* session,
                                          v1::ExportPacketsRequest* request) {
  if (request->has_options() || !request->read_format().empty()) {
    return errors::OptionsUnexpected();
  }
  if (session->source.has_value()) {
    RETURN_IF_ERROR(CheckUnchanged(*session->source));
  }
  *request->mutable_options() = session->request.options();
  // Sessions read in two passes.
  request->mutable_options()->set_two_pass(true);
  request->set_read_format(session->request.read_format());
  request->clear_source();
  if (session->source.has_value()) {
    return CaptureSource{std::move(session->source->file),
                         session->source->name};
  }
  std::vector<CaptureSource>& files = session->prefix.files;
  CaptureSource first = std::move(files.front());
  files.erase(files.begin());
  return first;
}

// Adds the rest of what a session has read of a capture.
void AddPrefix(SessionProcesses::Prefix prefix, Query* query) {
  query->max_records = prefix.records;
  for (CaptureSource& file : prefix.files) {
    query->inputs.push_back(std::move(file.file));
    query->input_names.push_back(std::move(file.name));
  }
}

// Returns the files that an export reads.
std::vector<int> FilesOf(const DedicatedQuery& query) {
  std::vector<int> files = {query.capture.get()};
  for (const UniqueFd& input : query.query.inputs) files.push_back(input.get());
  return files;
}

}  // namespace

// A file that is being exported, and its call.
struct ExportService::PendingExport {
  ExportStore::NewExport created;
  std::string path;
  bool overwrite = false;
  Principal caller;
  std::string method;
};

ExportService::ExportService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.ExportService"),
      deps_(deps),
      store_(deps.files, deps.uploads) {
  BindStream("ExportPackets", WorkerUse::kAlways,
             &ExportService::ExportPackets);
  BindUnary("ExportPacketsToFile", WorkerUse::kAlways,
            &ExportService::ExportPacketsToFile);
  BindUnary("MergeFiles", WorkerUse::kAlways, &ExportService::MergeFiles);
  BindUnary("SplitFile", WorkerUse::kAlways, &ExportService::SplitFile);
}

void ExportService::BeginWithSource(const v1::ExportPacketsRequest& request,
                                    const std::shared_ptr<Call>& call,
                                    const SourceFn& begin) {
  const auto begin_with = [this, call, begin](const SessionSource& source) {
    deps().file_queue->Begin(call, [begin, source](const absl::Status& turn) {
      absl::StatusOr<SessionSource> result = source;
      if (!turn.ok()) result = turn;
      begin(result);
    });
  };
  if (!request.has_session()) return begin_with(nullptr);
  deps().loop->Post([this, name = request.session(), call, begin, begin_with] {
    CallContext* const context = call->context();
    context->AddResource(name);
    absl::StatusOr<SessionExport> source =
        deps_.sessions->Export(context->principal(), name);
    if (!source.ok()) return begin(source.status());
    context->AddResource(source->file);
    begin_with(std::make_shared<SessionExport>(*std::move(source)));
  });
}

absl::StatusOr<DedicatedQuery> ExportService::Prepare(
    CallContext* context, ipc::Query kind, v1::ExportPacketsRequest request,
    const SessionSource& session) const {
  CaptureSource source;
  DedicatedQuery query;
  if (session != nullptr) {
    ASSIGN_OR_RETURN(source, TakeCapture(session.get(), &request));
    query.query.edits = std::move(session->edits);
    query.query.kept_records = std::move(session->kept_records);
    if (!session->source.has_value()) {
      AddPrefix(std::move(session->prefix), &query.query);
    }
  } else {
    ASSIGN_OR_RETURN(
        source, OpenSource(context, *deps_.access, *deps_.files, &request));
  }
  query.query.kind = kind;
  query.engine = request.options().engine();
  query.query.request = request.SerializeAsString();
  query.capture = std::move(source.file);
  query.capture_name = std::move(source.name);
  return query;
}

absl::StatusOr<DedicatedQuery> ExportService::PrepareStream(
    CallContext* context, v1::ExportPacketsRequest request,
    const SessionSource& session) const {
  ASSIGN_OR_RETURN(DedicatedQuery query,
                   Prepare(context, ipc::Query::kExportPackets,
                           std::move(request), session));
  ASSIGN_OR_RETURN(
      ExportStore::NewExport scratch,
      store_.NewScratchFile(context->info().share_key, FilesOf(query)));
  ASSIGN_OR_RETURN(query.query.output, Duplicate(scratch.file));
  query.query.max_output_bytes = scratch.lease->bytes();
  query.on_first_response =
      [pool = deps().pool,
       file = std::make_shared<UniqueFd>(std::move(scratch.file)),
       lease = std::weak_ptr<StoreQuota::Lease>(scratch.lease)] {
        asio::post(*pool, [file, lease] { Settle(*file, lease); });
      };
  query.held = std::move(scratch.lease);
  return query;
}

RpcService::StreamReactor* ExportService::ExportPackets(
    Context context, const v1::ExportPacketsRequest& request) {
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  BeginWithSource(
      request, call->shared_from_this(),
      [this, call, request](const absl::StatusOr<SessionSource>& session) {
        if (!session.ok()) return call->Fail(session.status());
        absl::StatusOr<DedicatedQuery> query =
            PrepareStream(call->context(), request, *session);
        if (!query.ok()) return call->Fail(query.status());
        call->Start(*std::move(query));
      });
  return call;
}

RpcService::UnaryReactor* ExportService::BeginUnary(Context context,
                                                    grpc::ByteBuffer* response,
                                                    BeginFn begin) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  deps().file_queue->Begin(
      call->shared_from_this(),
      [call, begin = std::move(begin)](const absl::Status& turn) {
        const absl::Status begun = turn.ok() ? begin(call) : turn;
        if (!begun.ok()) call->Abort(begun);
      });
  return call;
}

RpcService::UnaryReactor* ExportService::ExportPacketsToFile(
    Context context, const v1::ExportPacketsToFileRequest& request,
    grpc::ByteBuffer* response) {
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  BeginWithSource(
      request.export_(), call->shared_from_this(),
      [this, call, request](const absl::StatusOr<SessionSource>& session) {
        const absl::Status begun = session.ok()
                                       ? BeginFile(request, *session, call)
                                       : session.status();
        if (!begun.ok()) call->Abort(begun);
      });
  return call;
}

RpcService::UnaryReactor* ExportService::MergeFiles(
    Context context, const v1::MergeFilesRequest& request,
    grpc::ByteBuffer* response) {
  return BeginUnary(std::move(context), response,
                    [this, request](UnaryQueryCall* call) {
                      return BeginMerge(request, call);
                    });
}

RpcService::UnaryReactor* ExportService::SplitFile(
    Context context, const v1::SplitFileRequest& request,
    grpc::ByteBuffer* response) {
  return BeginUnary(std::move(context), response,
                    [this, request](UnaryQueryCall* call) {
                      return BeginSplit(request, call);
                    });
}

absl::Status ExportService::CheckTarget(const PendingExport& work) const {
  const Actor actor = {work.caller, work.method};
  RETURN_IF_ERROR(deps_.access->CheckPermission(actor, permissions::kFilesWrite,
                                                FileName(work.path)));
  // Only a file that exists has an owner.
  if (!work.overwrite || !deps_.files->Stat(work.path).ok()) {
    return absl::OkStatus();
  }
  return deps_.access->CheckFile(actor, Use::kChange, work.path);
}

absl::StatusOr<FileStore::FileInfo> ExportService::NameFile(
    const PendingExport& work) {
  const absl::MutexLock names(deps_.owners->export_names());
  RETURN_IF_ERROR(CheckTarget(work));
  if (work.caller.authentication == Authentication::kNone) {
    return store_.Publish(work.created, work.path, work.overwrite);
  }
  const std::optional<std::string> replaced = deps_.owners->KeyOf(work.path);
  ASSIGN_OR_RETURN(const std::string key,
                   FileOwners::ExportKey(work.created.file.get()));
  // The owner is noted first, so that the file is never without one.
  RETURN_IF_ERROR(deps_.owners->SetExport(key, std::string(BaseName(work.path)),
                                          {work.caller.id, {}}));
  absl::StatusOr<FileStore::FileInfo> info =
      store_.Publish(work.created, work.path, work.overwrite);
  if (!info.ok()) {
    deps_.owners->Forget(key);
  } else if (replaced.has_value()) {
    deps_.owners->Forget(*replaced);
  }
  return info;
}

template <typename Response>
absl::StatusOr<grpc::ByteBuffer> ExportService::Publish(
    const PendingExport& work, const grpc::ByteBuffer& answer) {
  Response response;
  if (!ParseMessage(answer, &response).ok()) {
    return errors::WorkerProtocolError();
  }
  ASSIGN_OR_RETURN(const FileStore::FileInfo info, NameFile(work));
  ToProto(info, response.mutable_file());
  if (work.caller.authentication != Authentication::kNone) {
    response.mutable_file()->set_owner(work.caller.id);
  }
  const grpc::Slice slice(response.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<ExportService::PendingExportPtr> ExportService::NewWork(
    CallContext* context, const std::string& name, bool overwrite,
    bool named) const {
  auto work = std::make_shared<PendingExport>();
  work->overwrite = overwrite;
  work->caller = context->principal();
  work->method = context->info().method->name;
  context->AddResource(name);
  ASSIGN_OR_RETURN(work->path, store_.CheckName(name, overwrite || !named));
  RETURN_IF_ERROR(CheckTarget(*work));
  return work;
}

absl::Status ExportService::WriteFile(const PendingExportPtr& work,
                                      DedicatedQuery query,
                                      absl::Span<const int> captures,
                                      UnaryQueryCall* call, PublishFn publish) {
  ASSIGN_OR_RETURN(
      work->created,
      store_.NewFile(call->context()->info().share_key, work->path, captures));
  ASSIGN_OR_RETURN(query.query.output, Duplicate(work->created.file));
  query.query.max_output_bytes = work->created.lease->bytes();
  call->RunDedicated(
      std::move(query), [this, work, publish = std::move(publish), call](
                            const absl::StatusOr<grpc::ByteBuffer>& answer,
                            UnaryQueryCall::Done done) {
        if (!answer.ok()) return done(answer.status());
        deps().file_queue->Continue(
            call->shared_from_this(),
            [work, publish, answer = *answer,
             done = std::move(done)](const absl::Status&) mutable {
              const auto published = publish(*work, answer);
              // Releases the lease before the client knows of the end.
              work->created = {};
              done(published);
            });
      });
  return absl::OkStatus();
}

absl::Status ExportService::BeginFile(v1::ExportPacketsToFileRequest request,
                                      const SessionSource& session,
                                      UnaryQueryCall* call) {
  CallContext* context = call->context();
  ASSIGN_OR_RETURN(const PendingExportPtr work,
                   NewWork(context, request.name(), request.overwrite()));
  ASSIGN_OR_RETURN(DedicatedQuery query,
                   Prepare(context, ipc::Query::kExportPacketsToFile,
                           std::move(*request.mutable_export_()), session));
  const std::vector<int> files = FilesOf(query);
  return WriteFile(
      work, std::move(query), files, call,
      [this](const PendingExport& done, const grpc::ByteBuffer& answer) {
        return Publish<v1::ExportPacketsToFileResponse>(done, answer);
      });
}

absl::Status ExportService::BeginMerge(v1::MergeFilesRequest request,
                                       UnaryQueryCall* call) {
  CallContext* context = call->context();
  if (request.files_size() < kMinMergedFiles) {
    return errors::TooFewFiles(kMinMergedFiles);
  }
  if (request.files_size() > kMaxMergedFiles) {
    return errors::TooManyFiles(kMaxMergedFiles);
  }
  ASSIGN_OR_RETURN(const PendingExportPtr work,
                   NewWork(context, request.name(), request.overwrite()));
  DedicatedQuery query;
  std::vector<int> captures;
  for (std::string& name : *request.mutable_files()) {
    ASSIGN_OR_RETURN(CaptureSource source,
                     deps_.access->OpenCapture(context, *deps_.files, name));
    captures.push_back(source.file.get());
    query.query.inputs.push_back(std::move(source.file));
    ASSIGN_OR_RETURN(name, ParseFileName(name));
  }
  ASSIGN_OR_RETURN(UniqueFd scratch, store_.NewNamelessFile());
  query.query.inputs.push_back(std::move(scratch));
  query.query.kind = ipc::Query::kMergeFiles;
  query.query.request = request.SerializeAsString();
  return WriteFile(
      work, std::move(query), captures, call,
      [this](const PendingExport& done, const grpc::ByteBuffer& answer) {
        return Publish<v1::MergeFilesResponse>(done, answer);
      });
}

absl::Status ExportService::BeginSplit(v1::SplitFileRequest request,
                                       UnaryQueryCall* call) {
  CallContext* context = call->context();
  // The file that has the prefix as its name, if there is one, stays.
  ASSIGN_OR_RETURN(const PendingExportPtr work,
                   NewWork(context, request.prefix(), /*overwrite=*/false,
                           /*named=*/false));
  ASSIGN_OR_RETURN(
      CaptureSource source,
      deps_.access->OpenCapture(context, *deps_.files, request.file()));
  const int capture = source.file.get();
  request.clear_file();
  request.set_prefix(std::string(BaseName(work->path)));
  DedicatedQuery query;
  query.query.kind = ipc::Query::kSplitFile;
  query.engine = request.options().engine();
  query.query.request = request.SerializeAsString();
  query.capture = std::move(source.file);
  query.capture_name = std::move(source.name);
  ASSIGN_OR_RETURN(UniqueFd scratch, store_.NewNamelessFile());
  query.query.inputs.push_back(std::move(scratch));
  return WriteFile(
      work, std::move(query), {capture}, call,
      [this](const PendingExport& done, const grpc::ByteBuffer& answer) {
        return PublishParts(done, answer);
      });
}

absl::StatusOr<grpc::ByteBuffer> ExportService::PublishParts(
    const PendingExport& work, const grpc::ByteBuffer& answer) {
  v1::SplitFileResponse response;
  if (!ParseMessage(answer, &response).ok()) {
    return errors::WorkerProtocolError();
  }
  std::vector<std::string> paths;
  std::vector<uint64_t> sizes;
  for (const v1::File& file : response.files()) {
    ASSIGN_OR_RETURN(std::string path,
                     store_.CheckName(FileName(absl::StrCat(kExportsFolder, "/",
                                                            file.name())),
                                      /*overwrite=*/false));
    paths.push_back(std::move(path));
    sizes.push_back(file.size_bytes());
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<ExportStore::Parts> parts,
                   store_.Divide(work.created, sizes));
  ASSIGN_OR_RETURN(const std::vector<FileStore::FileInfo> infos,
                   NameParts(work, paths, parts.get()));
  response.clear_files();
  for (const FileStore::FileInfo& info : infos) {
    v1::File* const file = response.add_files();
    ToProto(info, file);
    if (work.caller.authentication != Authentication::kNone) {
      file->set_owner(work.caller.id);
    }
  }
  const grpc::Slice slice(response.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<std::vector<FileStore::FileInfo>> ExportService::NameParts(
    const PendingExport& work, const std::vector<std::string>& paths,
    ExportStore::Parts* parts) {
  const absl::MutexLock names(deps_.owners->export_names());
  RETURN_IF_ERROR(CheckTarget(work));
  if (work.caller.authentication == Authentication::kNone) {
    return store_.PublishParts(parts, paths);
  }
  const auto publish =
      [&]() -> absl::StatusOr<std::vector<FileStore::FileInfo>> {
    // The owner is noted first, so that no file is ever without one.
    for (size_t i = 0; i < paths.size(); ++i) {
      RETURN_IF_ERROR(deps_.owners->SetExport(parts->keys()[i],
                                              std::string(BaseName(paths[i])),
                                              {work.caller.id, {}}));
    }
    return store_.PublishParts(parts, paths);
  };
  absl::StatusOr<std::vector<FileStore::FileInfo>> infos = publish();
  if (!infos.ok()) {
    for (const std::string& key : parts->keys()) deps_.owners->Forget(key);
  }
  return infos;
}

}  // namespace dissectd::server
