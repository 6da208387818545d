// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/capture_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/format_order.h"
#include "core/epan/read_format.h"
#include "core/sandbox/worker_sandbox.h"

namespace dissectd::engine {
namespace {

bool IsEmpty(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_size == 0;
}

bool IsPipe(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

// Returns the path by which the process can open an open file again.
std::string PathOf(int fd) { return absl::StrCat("/proc/self/fd/", fd); }

// Returns the lowest descriptor that isn't in use.
int NextDescriptor(int fd) {
  const int next = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (next >= 0) close(next);
  return next;
}

bool AreSameFile(int a, int b) {
  struct stat of_a;
  struct stat of_b;
  return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

// Returns the descriptors from `begin` on, before `end`, that refer to the same
// file as `fd`, without `fd` itself.
std::vector<int> DescriptorsOfFile(int fd, int begin, int end) {
  std::vector<int> descriptors;
  for (int other = begin; other < end; ++other) {
    if (other != fd && AreSameFile(other, fd)) descriptors.push_back(other);
  }
  return descriptors;
}

// Makes `fd` refer to `own`, a new opening of the same file, at `position`.
bool Replace(int fd, int own, off_t position) {
  return position >= 0 && lseek(own, position, SEEK_SET) == position &&
         dup3(own, fd, O_CLOEXEC) == fd;
}

WtapPtr OpenPath(const std::string& path, unsigned format, bool random_access,
                 WtapError* error) {
  int code = 0;
  char* info = nullptr;
  WtapPtr wtap(
      wtap_open_offline(path.c_str(), format, &code, &info, random_access));
  *error = WtapError{code, GCharPtr(info)};
  return wtap;
}

}  // namespace

absl::StatusOr<CaptureFile> CaptureFile::Open(int fd, const std::string& name,
                                              bool random_access,
                                              EmptyFile empty,
                                              const std::string& read_format) {
  RETURN_IF_ERROR(WorkerSandbox::ConfineReading());
  if (empty == EmptyFile::kRefuse && IsEmpty(fd)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     name.empty()
                         ? "The inline capture is empty."
                         : absl::StrCat("The file \"", name, "\" is empty."),
                     {"FILE_EMPTY", {{"file", name}}, {}});
  }
  WtapError error;
  const std::string path = PathOf(fd);
  const FormatOrder order(name);
  // The number of a format depends on the order.
  ASSIGN_OR_RETURN(const unsigned format, ReadFormatNumber(read_format));
  const int begin = NextDescriptor(fd);
  WtapPtr wtap = OpenPath(path, format, random_access, &error);
  if (wtap == nullptr) return OpenErrorStatus(error, name);
  std::vector<Descriptor> descriptors;
  for (const int own : DescriptorsOfFile(fd, begin, NextDescriptor(fd))) {
    descriptors.push_back({own, 0});
  }
  return CaptureFile(std::move(wtap), name, std::move(descriptors),
                     IsPipe(fd) ? fd : -1);
}

bool CaptureFile::Read(Record* record, int64_t* offset) {
  int code = 0;
  char* info = nullptr;
  gint64 data_offset = 0;
  record->Clear();
  if (!wtap_read(wtap_.get(), record->rec(), record->bytes(), &code, &info,
                 &data_offset)) {
    // wiretap takes the new end of a file that was cut for its end.
    if (code == 0 && HasShrunk()) code = WTAP_ERR_SHORT_READ;
    SetError(code, info);
    return false;
  }
  *offset = data_offset;
  return true;
}

bool CaptureFile::IsPipeEmpty() const {
  if (pipe_ < 0) return false;
  pollfd state = {pipe_, POLLIN, 0};
  return poll(&state, 1, 0) == 0;
}

void CaptureFile::ClearEndOfFile() { wtap_cleareof(wtap_.get()); }

bool CaptureFile::SeekRead(int64_t offset, Record* record) {
  int code = 0;
  char* info = nullptr;
  record->Clear();
  if (!wtap_seek_read(wtap_.get(), offset, record->rec(), record->bytes(),
                      &code, &info)) {
    // The record was there before. For some formats, wiretap says nothing if
    // the file now ends before it.
    if (code == 0) code = WTAP_ERR_SHORT_READ;
    SetError(code, info);
    return false;
  }
  return true;
}

void CaptureFile::PrepareFork() {
  for (Descriptor& descriptor : descriptors_) {
    descriptor.position = lseek(descriptor.fd, 0, SEEK_CUR);
  }
}

absl::Status CaptureFile::ReopenAfterFork() {
  // wtap_fdreopen would begin at the start of the file, while wiretap takes its
  // last position for that of the descriptor.
  for (const auto& [fd, position] : descriptors_) {
    const int own = open(PathOf(fd).c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = own >= 0 && Replace(fd, own, position);
    const int error = errno;
    if (own >= 0) close(own);
    if (!done) {
      return absl::ErrnoToStatus(error, "a capture can't be opened again");
    }
  }
  return absl::OkStatus();
}

void CaptureFile::CloseSequential() {
  bytes_read_ = BytesRead();
  wtap_sequential_close(wtap_.get());
  descriptors_.erase(std::remove_if(descriptors_.begin(), descriptors_.end(),
                                    [](const Descriptor& descriptor) {
                                      return fcntl(descriptor.fd, F_GETFD) < 0;
                                    }),
                     descriptors_.end());
}

int64_t CaptureFile::BytesRead() const {
  // wiretap gets the position from the sequential side, which may be closed.
  return bytes_read_ ? *bytes_read_ : wtap_read_so_far(wtap_.get());
}

int64_t CaptureFile::Size() const {
  int code = 0;
  return wtap_file_size(wtap_.get(), &code);
}

bool CaptureFile::HasShrunk() const {
  return pipe_ < 0 && Size() < BytesRead();
}

void CaptureFile::SetReadError(int code, const std::string& info) {
  SetError(code, info.empty() ? nullptr : g_strdup(info.c_str()));
}

void CaptureFile::SetError(int code, char* info) {
  GCharPtr owned_info(info);
  if (code != 0) error_ = WtapError{code, std::move(owned_info)};
}

}  // namespace dissectd::engine
