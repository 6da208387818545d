// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/capture_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd {
namespace {

// A path under which wiretap sees an open file by its own name: a link in a
// folder of its own. Only needed until the file is open.
class NamedPath {
 public:
  NamedPath(int fd, const std::string& name)
      : target_(absl::StrCat("/proc/self/fd/", fd)) {
    if (name.empty() || name.find('/') != std::string::npos) return;
    std::string folder = "/tmp/dissectd-capture-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return;
    folder_ = folder;
    const std::string link = absl::StrCat(folder_, "/", name);
    if (symlink(target_.c_str(), link.c_str()) == 0) link_ = link;
  }
  ~NamedPath() {
    if (!link_.empty()) unlink(link_.c_str());
    if (!folder_.empty()) rmdir(folder_.c_str());
  }
  NamedPath(const NamedPath&) = delete;
  NamedPath& operator=(const NamedPath&) = delete;

  // Without a writable folder the file is opened all the same; only formats
  // that are told by the extension alone may then be missed.
  const char* c_str() const {
    return link_.empty() ? target_.c_str() : link_.c_str();
  }

 private:
  std::string target_;
  std::string folder_;
  std::string link_;
};

bool IsEmpty(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_size == 0;
}

}  // namespace

absl::StatusOr<CaptureFile> CaptureFile::Open(int fd, const std::string& name,
                                              bool random_access) {
  if (IsEmpty(fd)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     absl::StrCat("The file \"", name, "\" is empty."),
                     {"FILE_EMPTY", {{"file", name}}, {}});
  }
  const NamedPath path(fd, name);
  int code = 0;
  char* info = nullptr;
  WtapPtr wtap(wtap_open_offline(path.c_str(), WTAP_TYPE_AUTO, &code, &info,
                                 random_access));
  if (wtap == nullptr) {
    WtapError error{code, GCharPtr(info)};
    return OpenErrorStatus(error, name);
  }
  return CaptureFile(std::move(wtap), name);
}

bool CaptureFile::Read(Record* record, int64_t* offset) {
  int code = 0;
  char* info = nullptr;
  gint64 data_offset = 0;
  if (!wtap_read(wtap_.get(), record->rec(), record->bytes(), &code, &info,
                 &data_offset)) {
    SetError(code, info);
    return false;
  }
  *offset = data_offset;
  return true;
}

bool CaptureFile::SeekRead(int64_t offset, Record* record) {
  int code = 0;
  char* info = nullptr;
  if (!wtap_seek_read(wtap_.get(), offset, record->rec(), record->bytes(),
                      &code, &info)) {
    SetError(code, info);
    return false;
  }
  return true;
}

void CaptureFile::CloseSequential() {
  bytes_read_ = BytesRead();
  wtap_sequential_close(wtap_.get());
}

int64_t CaptureFile::BytesRead() const {
  // wiretap asks the sequential side, which may be gone.
  return bytes_read_ ? *bytes_read_ : wtap_read_so_far(wtap_.get());
}

int64_t CaptureFile::Size() const {
  int code = 0;
  return wtap_file_size(wtap_.get(), &code);
}

void CaptureFile::SetError(int code, char* info) {
  GCharPtr owned_info(info);
  if (code != 0) error_ = WtapError{code, std::move(owned_info)};
}

}  // namespace dissectd
