// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/watched_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "server/base/unique_fd.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kInterval(1);
constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr size_t kChunkBytes = size_t{16} << 10;

// Opens a file that only its owner may write.
absl::StatusOr<UniqueFd> OpenTrusted(const std::string& path) {
  // O_NONBLOCK, as opening a pipe would wait for a writer.
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status = {};
  if (fd.get() < 0 || fstat(fd.get(), &status) != 0) {
    return absl::ErrnoToStatus(errno, "can't read it");
  }
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError("it isn't a regular file");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return absl::InvalidArgumentError(
        "users other than its owner may write to it; run chmod go-w");
  }
  return fd;
}

absl::StatusOr<std::string> ReadTrusted(const std::string& path) {
  ASSIGN_OR_RETURN(const UniqueFd fd, OpenTrusted(path));
  std::string content;
  size_t size = 0;
  while (size <= kMaxBytes) {
    content.resize(size + kChunkBytes);
    const ssize_t count = read(fd.get(), &content[size], kChunkBytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "can't read it");
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

absl::StatusOr<std::unique_ptr<WatchedFile>> WatchedFile::Open(std::string path,
                                                               Use use) {
  // make_unique can't call the private constructor.
  auto file =
      absl::WrapUnique(new WatchedFile(std::move(path), std::move(use)));
  RETURN_IF_ERROR(file->Read());
  file->thread_ = std::thread([watched = file.get()] { watched->Watch(); });
  return file;
}

WatchedFile::~WatchedFile() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void WatchedFile::Watch() {
  absl::Status last;
  while (!stop_.AwaitFor(kInterval)) {
    const absl::Status status = Read();
    if (status == last) continue;
    last = status;
    if (status.ok()) {
      spdlog::info("using the content of \"{}\"", path_);
    } else {
      spdlog::warn("{}; what was read before stays in use",
                   std::string(status.message()));
    }
  }
}

// Reads the content each time: for a small file, that is about as cheap as
// asking for its time stamps, which change too coarsely to show every change.
absl::Status WatchedFile::Read() {
  absl::StatusOr<std::string> content = ReadTrusted(path_);
  absl::Status status = content.status();
  if (content.ok()) {
    if (content_ != *content) {
      used_ = use_(*content);
      content_ = *std::move(content);
    }
    status = used_;
  }
  if (status.ok()) return status;
  return {status.code(), absl::StrCat("\"", path_, "\": ", status.message())};
}

}  // namespace dissectd::server
