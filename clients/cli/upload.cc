// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/upload.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"
#include "clients/cli/interruption.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/sha256.h"

namespace dissectd::cli {
namespace {

// The maximum payload of a message.
constexpr size_t kChunkBytes = 1 << 20;
// The number of consecutive calls without progress before giving up.
constexpr int kMaxAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause(200);
// Sending a smaller file again takes no noticeable time.
constexpr uint64_t kLargeBytes = 1 << 20;

bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::ABORTED ||
         status.error_code() == grpc::StatusCode::OUT_OF_RANGE;
}

}  // namespace

UploadedFile::UploadedFile(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::FileService::NewStub(channel)) {}

UploadedFile::~UploadedFile() { Delete(); }

void UploadedFile::Delete() {
  if (!owned_.exchange(false)) return;
  grpc::ClientContext context;
  v1::DeleteFileRequest request;
  v1::DeleteFileResponse response;
  request.set_name(name_);
  const grpc::Status status = stub_->DeleteFile(&context, request, &response);
  if (!status.ok()) {
    PrintError(absl::StrCat("The uploaded file ", name_,
                            " could not be deleted: ", ErrorText(status)));
  }
}

grpc::Status UploadedFile::Write(const LocalFile& file, v1::Upload* upload) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  v1::WriteUploadResponse response;
  const auto writer = stub_->WriteUpload(&context, &response);
  ProgressBar progress;
  uint64_t offset = upload->committed_bytes();
  v1::WriteUploadRequest request;
  request.set_name(upload->name());
  do {
    std::string* data = request.mutable_data();
    // A file that grows while it is read ends where it did.
    data->resize(std::min<uint64_t>(kChunkBytes, file.size - offset));
    const ssize_t count = pread(file.fd.get(), data->data(), data->size(),
                                static_cast<off_t>(offset));
    if (count < 0) {
      const int error = errno;
      context.TryCancel();
      writer->Finish().ok();
      return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                          absl::StrCat("The file could not be read: ",
                                       std::strerror(error), "."));
    }
    data->resize(static_cast<size_t>(count));
    request.set_offset(offset);
    offset += static_cast<uint64_t>(count);
    // A file that shrinks while it is read ends early.
    const bool last = offset >= file.size || count == 0;
    request.set_finish(last);
    if (!writer->Write(request) || last) break;
    request.clear_name();
    progress.Update("Uploading", offset, file.size);
  } while (true);
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (status.ok()) *upload = response.upload();
  return status;
}

ExitCode UploadedFile::Upload(const std::string& path) {
  const absl::StatusOr<LocalFile> file = OpenWholeFile(path);
  if (file.ok()) return Upload(*file, path);
  PrintError(file.status().message());
  return kExitBadInput;
}

ExitCode UploadedFile::UploadToKeep(const std::string& path) {
  const absl::StatusOr<LocalFile> file = OpenWholeFile(path);
  if (file.ok()) return Send(*file, path, "");
  PrintError(file.status().message());
  return kExitBadInput;
}

ExitCode UploadedFile::Upload(const LocalFile& file, const std::string& path) {
  if (file.size < kLargeBytes) {
    const ExitCode code = Send(file, path, "");
    owned_ = code == kExitOk;
    return code;
  }
  const absl::StatusOr<std::string> hash =
      Sha256OfFile(file.fd.get(), file.size);
  if (hash.ok()) return Send(file, path, *hash);
  PrintError(absl::StrCat("The file \"", path, "\" could not be read: ",
                          hash.status().message(), "."));
  return kExitBadInput;
}

ExitCode UploadedFile::Send(const LocalFile& file, const std::string& path,
                            const std::string& sha256) {
  v1::CreateUploadRequest create;
  // Some formats are recognised by the extension of the name.
  create.set_file_name(BaseName(path));
  create.set_sha256(sha256);
  v1::CreateUploadResponse created;
  grpc::ClientContext create_context;
  grpc::Status status = stub_->CreateUpload(&create_context, create, &created);
  if (!status.ok()) return ReportStatus(status);

  v1::Upload upload = created.upload();
  if (upload.file().empty()) status = WriteAll(file, &upload);
  if (!status.ok()) {
    grpc::ClientContext context;
    v1::DeleteUploadRequest abandon;
    abandon.set_name(upload.name());
    v1::DeleteUploadResponse abandoned;
    stub_->DeleteUpload(&context, abandon, &abandoned).ok();
    return WasInterrupted() ? kExitBadInput : ReportStatus(status);
  }
  name_ = upload.file();
  return kExitOk;
}

grpc::Status UploadedFile::WriteAll(const LocalFile& file, v1::Upload* upload) {
  grpc::Status status;
  auto pause = kFirstPause;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    status = Write(file, upload);
    if (status.ok() || !IsTransient(status)) return status;
    std::this_thread::sleep_for(pause);
    pause *= 2;
    v1::GetUploadRequest get;
    get.set_name(upload->name());
    v1::GetUploadResponse got;
    grpc::ClientContext get_context;
    if (!stub_->GetUpload(&get_context, get, &got).ok()) continue;
    if (got.upload().committed_bytes() > upload->committed_bytes()) {
      attempt = -1;
      pause = kFirstPause;
    }
    *upload = got.upload();
    // The last call may have finished although its answer was lost.
    if (!upload->file().empty()) return grpc::Status::OK;
  }
  return status;
}

}  // namespace dissectd::cli
