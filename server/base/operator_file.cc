// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/operator_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr size_t kChunkBytes = size_t{16} << 10;

absl::Status CannotRead(int error) {
  return {absl::ErrnoToStatusCode(error), std::strerror(error)};
}

absl::StatusOr<std::string> ReadAll(int fd) {
  std::string content;
  size_t size = 0;
  while (size <= kMaxBytes) {
    content.resize(size + kChunkBytes);
    const ssize_t count = read(fd, &content[size], kChunkBytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(errno);
    size += static_cast<size_t>(count);
    if (count == 0) break;
  }
  if (size > kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", kMaxBytes, " bytes"));
  }
  content.resize(size);
  return content;
}

}  // namespace

absl::StatusOr<OperatorFile> ReadOperatorFile(const std::string& path) {
  const UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status = {};
  if (fd.get() < 0 || fstat(fd.get(), &status) != 0) return CannotRead(errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError("it isn't a regular file");
  }
  OperatorFile file;
  file.mode = status.st_mode;
  ASSIGN_OR_RETURN(file.content, ReadAll(fd.get()));
  return file;
}

absl::Status CheckOnlyOwnerWrites(const OperatorFile& file) {
  if ((file.mode & (S_IWGRP | S_IWOTH)) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "users other than its owner may write to it; run chmod go-w");
}

absl::StatusOr<OperatorFile> ReadTrustedFile(const std::string& path) {
  ASSIGN_OR_RETURN(OperatorFile file, ReadOperatorFile(path));
  RETURN_IF_ERROR(CheckOnlyOwnerWrites(file));
  return file;
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat("\"", path, "\": ", status.message())};
}

absl::Status CheckPrivate(const OperatorFile& file, const char* secret) {
  if ((file.mode & S_IRWXO) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(secret,
                   ", and its permissions are too open: every user of this "
                   "machine may use it; run chmod o-rwx"));
}

}  // namespace dissectd::server
