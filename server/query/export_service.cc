// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/export_service.h"

#include <fcntl.h>
#include <grpcpp/support/slice.h>
#include <sys/stat.h>

#include <asio/post.hpp>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/query/streaming_query_call.h"
#include "server/rpc/message_bytes.h"
#include "server/store/capture_source.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {
namespace {

// A file that is being exported, and its call.
struct PendingExport {
  ExportStore::NewExport created;
  std::string path;
  bool overwrite = false;
};

absl::StatusOr<UniqueFd> Duplicate(const UniqueFd& fd) {
  UniqueFd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
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

// Names the file, and adds it to the worker's response.
absl::StatusOr<grpc::ByteBuffer> Publish(ExportStore* store,
                                         const PendingExport& work,
                                         const grpc::ByteBuffer& answer) {
  v1::ExportPacketsToFileResponse response;
  if (!ParseMessage(answer, &response).ok()) {
    return errors::WorkerProtocolError();
  }
  ASSIGN_OR_RETURN(const FileStore::FileInfo info,
                   store->Publish(work.created, work.path, work.overwrite));
  ToProto(info, response.mutable_file());
  const grpc::Slice slice(response.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

ExportService::ExportService(const RpcService::Deps& rpc, const Deps& deps)
    : RpcService(rpc, "dissectd.v1.ExportService"),
      deps_(deps),
      store_(deps.files, deps.uploads) {
  BindStream("ExportPackets", WorkerUse::kAlways,
             &ExportService::ExportPackets);
  BindUnary("ExportPacketsToFile", WorkerUse::kAlways,
            &ExportService::ExportPacketsToFile);
}

absl::StatusOr<DedicatedQuery> ExportService::Prepare(
    ipc::Query kind, v1::ExportPacketsRequest request) const {
  CaptureSource source;
  if (request.has_file()) {
    ASSIGN_OR_RETURN(source, OpenStoredCapture(*deps_.files, request.file()));
  } else if (request.has_inline_capture()) {
    ASSIGN_OR_RETURN(source, HoldInlineCapture(request.inline_capture()));
    request.clear_source();
  } else {
    return errors::SourceMissing();
  }
  DedicatedQuery query;
  query.query.kind = kind;
  query.query.request = request.SerializeAsString();
  query.capture = std::move(source.file);
  query.capture_name = std::move(source.name);
  return query;
}

absl::StatusOr<DedicatedQuery> ExportService::PrepareStream(
    v1::ExportPacketsRequest request, const std::string& owner) const {
  ASSIGN_OR_RETURN(DedicatedQuery query,
                   Prepare(ipc::Query::kExportPackets, std::move(request)));
  ASSIGN_OR_RETURN(ExportStore::NewExport scratch,
                   store_.NewScratchFile(owner, query.capture.get()));
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
  const std::string owner = context->info().share_key;
  StreamingQueryCall* call =
      StreamingQueryCall::Create(deps_.queries, std::move(context));
  asio::post(*deps().pool, [this, call, request, owner] {
    absl::StatusOr<DedicatedQuery> query = PrepareStream(request, owner);
    if (query.ok()) {
      call->Start(*std::move(query));
    } else {
      call->Fail(query.status());
    }
  });
  return call;
}

RpcService::UnaryReactor* ExportService::ExportPacketsToFile(
    Context context, const v1::ExportPacketsToFileRequest& request,
    grpc::ByteBuffer* response) {
  const std::string owner = context->info().share_key;
  UnaryQueryCall* call =
      UnaryQueryCall::Create(deps_.queries, std::move(context), response);
  asio::post(*deps().pool, [this, call, request, owner] {
    const absl::Status begun = BeginFile(request, owner, call);
    if (!begun.ok()) call->Abort(begun);
  });
  return call;
}

absl::Status ExportService::BeginFile(v1::ExportPacketsToFileRequest request,
                                      const std::string& owner,
                                      UnaryQueryCall* call) {
  auto work = std::make_shared<PendingExport>();
  work->overwrite = request.overwrite();
  ASSIGN_OR_RETURN(work->path,
                   store_.CheckName(request.name(), work->overwrite));
  ASSIGN_OR_RETURN(DedicatedQuery query,
                   Prepare(ipc::Query::kExportPacketsToFile,
                           std::move(*request.mutable_export_())));
  ASSIGN_OR_RETURN(work->created, store_.NewFile(owner, query.capture.get()));
  ASSIGN_OR_RETURN(query.query.output, Duplicate(work->created.file));
  query.query.max_output_bytes = work->created.lease->bytes();
  call->RunDedicated(
      std::move(query),
      [this, work](const absl::StatusOr<grpc::ByteBuffer>& answer,
                   UnaryQueryCall::Done done) {
        if (!answer.ok()) return done(answer.status());
        asio::post(*deps().pool, [this, work, answer = *answer,
                                  done = std::move(done)]() mutable {
          const auto published = Publish(&store_, *work, answer);
          // Releases the lease before the client knows of the end.
          work->created = {};
          done(published);
        });
      });
  return absl::OkStatus();
}

}  // namespace dissectd::server
