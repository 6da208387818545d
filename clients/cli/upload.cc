// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/upload.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/error_text.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

// The maximum payload of a message.
constexpr size_t kChunkBytes = 1 << 20;
// The number of consecutive calls without progress before giving up.
constexpr int kMaxAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause(200);

std::string OpenErrorText(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
      return absl::StrCat("The file \"", path, "\" doesn't exist.");
    case EACCES:
      return absl::StrCat("You don't have permission to read the file \"", path,
                          "\".");
    case EISDIR:
      return absl::StrCat("\"", path,
                          "\" is a directory (folder), not a file.");
    default:
      return absl::StrCat("The file \"", path,
                          "\" could not be opened: ", std::strerror(error),
                          ".");
  }
}

// Returns the folder for temporary files.
const char* TemporaryFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

// A file descriptor that is closed on destruction.
class ScopedFd {
 public:
  explicit ScopedFd(int fd) : fd_(fd) {}
  ~ScopedFd() { Reset(-1); }
  ScopedFd(const ScopedFd&) = delete;
  ScopedFd& operator=(const ScopedFd&) = delete;
  int get() const { return fd_; }

  // Closes the descriptor, and takes another one.
  void Reset(int fd) {
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

// Returns whether the content can be read only once, from its beginning.
bool IsStream(const std::string& path, const struct stat& file_status) {
  return S_ISFIFO(file_status.st_mode) || S_ISSOCK(file_status.st_mode) ||
         (path == "-" && !S_ISREG(file_status.st_mode));
}

// Replaces a stream by a temporary file with its content. Returns an error
// number; 0 if all is well.
int ReadToEnd(ScopedFd* stream) {
  const ScopedFd file(open(TemporaryFolder(), O_TMPFILE | O_RDWR | O_CLOEXEC,
                           S_IRUSR | S_IWUSR));
  if (file.get() < 0) return errno;
  std::string data(kChunkBytes, '\0');
  while (true) {
    const ssize_t count = read(stream->get(), data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    absl::string_view rest(data.data(), static_cast<size_t>(count));
    while (!rest.empty()) {
      const ssize_t written = write(file.get(), rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      rest.remove_prefix(static_cast<size_t>(written));
    }
  }
  const int copy = fcntl(file.get(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return errno;
  stream->Reset(copy);
  return 0;
}

bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::ABORTED ||
         status.error_code() == grpc::StatusCode::OUT_OF_RANGE;
}

}  // namespace

UploadedFile::UploadedFile(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::FileService::NewStub(channel)) {}

UploadedFile::~UploadedFile() {
  if (!owned_) return;
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

grpc::Status UploadedFile::Write(int fd, uint64_t size, v1::Upload* upload) {
  grpc::ClientContext context;
  v1::WriteUploadResponse response;
  const auto writer = stub_->WriteUpload(&context, &response);
  ProgressBar progress;
  uint64_t offset = upload->committed_bytes();
  v1::WriteUploadRequest request;
  request.set_name(upload->name());
  do {
    std::string* data = request.mutable_data();
    data->resize(kChunkBytes);
    const ssize_t count =
        pread(fd, data->data(), data->size(), static_cast<off_t>(offset));
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
    const bool last = offset >= size || count == 0;
    request.set_finish(last);
    if (!writer->Write(request) || last) break;
    request.clear_name();
    progress.Update("Uploading", offset, size);
  } while (true);
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (status.ok()) *upload = response.upload();
  return status;
}

ExitCode UploadedFile::Upload(const std::string& path) {
  ScopedFd fd(path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat file_status;
  int error = fd.get() < 0 || fstat(fd.get(), &file_status) < 0 ? errno : 0;
  if (error == 0 && S_ISDIR(file_status.st_mode)) error = EISDIR;
  if (error == 0 && IsStream(path, file_status)) {
    error = ReadToEnd(&fd);
    if (error == 0 && fstat(fd.get(), &file_status) < 0) error = errno;
  }
  if (error != 0) {
    PrintError(OpenErrorText(path, error));
    return kExitBadInput;
  }
  if (!S_ISREG(file_status.st_mode)) {
    PrintError(absl::StrCat("The file \"", path,
                            "\" is a \"special file\" or socket or other "
                            "non-regular file."));
    return kExitBadInput;
  }
  const auto size = static_cast<uint64_t>(file_status.st_size);

  v1::CreateUploadRequest create;
  // Some formats are recognised by the extension of the name.
  create.set_file_name(ReplaceInvalidUtf8(path.substr(path.rfind('/') + 1)));
  v1::CreateUploadResponse created;
  grpc::ClientContext create_context;
  grpc::Status status = stub_->CreateUpload(&create_context, create, &created);
  if (!status.ok()) return ReportStatus(status);

  v1::Upload upload = created.upload();
  auto pause = kFirstPause;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    status = Write(fd.get(), size, &upload);
    if (status.ok() || !IsTransient(status)) break;
    std::this_thread::sleep_for(pause);
    pause *= 2;
    v1::GetUploadRequest get;
    get.set_name(upload.name());
    v1::GetUploadResponse got;
    grpc::ClientContext get_context;
    if (stub_->GetUpload(&get_context, get, &got).ok()) {
      if (got.upload().committed_bytes() > upload.committed_bytes()) {
        attempt = -1;
        pause = kFirstPause;
      }
      upload = got.upload();
      // The last call may have finished although its answer was lost.
      if (!upload.file().empty()) status = grpc::Status::OK;
    }
    if (status.ok()) break;
  }
  if (!status.ok()) {
    grpc::ClientContext context;
    v1::DeleteUploadRequest abandon;
    abandon.set_name(upload.name());
    v1::DeleteUploadResponse abandoned;
    stub_->DeleteUpload(&context, abandon, &abandoned).ok();
    return ReportStatus(status);
  }
  name_ = upload.file();
  owned_ = true;
  return kExitOk;
}

}  // namespace dissectd::cli
