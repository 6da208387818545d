// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/closed_streams.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

std::string OpenFailureText(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
      return absl::StrCat("The path to the file \"", path, "\" doesn't exist.");
    case EACCES:
      return absl::StrCat(
          "You don't have permission to create or write to the file \"", path,
          "\".");
    case EISDIR:
      return absl::StrCat("\"", path,
                          "\" is a directory (folder), not a file.");
    case ENOSPC:
      return absl::StrCat(
          "The file \"", path,
          "\" could not be created because there is no space left on the file "
          "system.");
    default:
      return absl::StrCat("The file \"", path,
                          "\" could not be created: ", std::strerror(error),
                          ".");
  }
}

}  // namespace

CaptureOutput::~CaptureOutput() {
  if (fd_ < 0) return;
  close(fd_);
  if (is_new_ && !begun_) unlink(path_.c_str());
}

int CaptureOutput::TryOpen() {
  if (path_ == "-") {
    fd_ = DuplicateStream(STDOUT_FILENO);
    // What precedes standard output in its file stays.
    begun_ = true;
    return fd_ >= 0 ? 0 : errno;
  }
  constexpr int kFlags = O_WRONLY | O_CREAT | O_CLOEXEC;
  fd_ = open(path_.c_str(), kFlags | O_EXCL, mode_);
  is_new_ = fd_ >= 0;
  if (!is_new_) fd_ = open(path_.c_str(), kFlags, mode_);
  return fd_ >= 0 ? 0 : errno;
}

absl::Status CaptureOutput::Open() {
  const int error = TryOpen();
  if (error == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(OpenFailureText(path_, error));
}

std::string CaptureOutput::Description() const {
  return path_ == "-" ? "standard output"
                      : absl::StrCat("file \"", path_, "\"");
}

absl::Status CaptureOutput::WriteFailure(int error) const {
  if (error == ENOSPC) {
    return absl::FailedPreconditionError(absl::StrCat(
        "Not all the packets could be written to the ", Description(),
        " because there is no space left on the file system."));
  }
  if (error == EDQUOT) {
    return absl::FailedPreconditionError(absl::StrCat(
        "Not all the packets could be written to the ", Description(),
        " because you are too close to, or over your disk quota."));
  }
  const std::string text =
      absl::StrCat("An error occurred while writing to the ", Description(),
                   ": ", std::strerror(error), ".");
  return error == EPIPE ? absl::AbortedError(text)
                        : absl::FailedPreconditionError(text);
}

absl::Status CaptureOutput::Begin() {
  if (std::exchange(begun_, true)) return absl::OkStatus();
  // Pipes and devices have no size.
  if (ftruncate(fd_, 0) == 0 || errno == EINVAL) return absl::OkStatus();
  return WriteFailure(errno);
}

absl::Status CaptureOutput::Write(absl::string_view bytes) {
  RETURN_IF_ERROR(Begin());
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return WriteFailure(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status CaptureOutput::Close() {
  RETURN_IF_ERROR(Begin());
  if (close(std::exchange(fd_, -1)) == 0) return absl::OkStatus();
  return WriteFailure(errno);
}

}  // namespace dissectd::cli
