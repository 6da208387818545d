// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/crashing_frames.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/logging.h"
#include "server/base/random_id.h"
#include "server/base/unique_fd.h"
#include "server/base/write_contents.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr char kPrefix[] = "crash-";

size_t CountFrames(const std::string& folder) {
  size_t count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entries(folder, error), end;
       !error && entries != end; entries.increment(error)) {
    if (absl::StartsWith(entries->path().filename().string(), kPrefix)) ++count;
  }
  return count;
}

// Writes a file that has no name until it is complete. Returns the error
// number; 0 if there is none.
int WriteFile(const std::string& folder, const std::string& path,
              absl::string_view bytes) {
  const UniqueFd file(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC,
                           S_IRUSR | S_IWUSR));
  if (!file.valid()) return errno;
  const int error = WriteContents(file.get(), bytes);
  if (error != 0) return error;
  const std::string unnamed = absl::StrCat("/proc/self/fd/", file.get());
  return linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(),
                AT_SYMLINK_FOLLOW) == 0
             ? 0
             : errno;
}

}  // namespace

void CrashingFrames::Keep(absl::string_view capture,
                          absl::string_view log_ids) {
  const absl::MutexLock lock(&mutex_);
  const ScopedLogIds scope(log_ids);
  const std::string ids(log_ids);
  if (capture.size() > kMaxFrameBytes) {
    metrics::Count(metrics::Event::kCrashingFrameNotKept);
    spdlog::warn(
        "a frame that crashes a dissector is not kept: it has {} bytes {}",
        capture.size(), ids);
    return;
  }
  if (CountFrames(folder_) >= kMaxFrames) {
    metrics::Count(metrics::Event::kCrashingFrameNotKept);
    spdlog::warn(
        "a frame that crashes a dissector is not kept: {} already has {} {}",
        folder_, kMaxFrames, ids);
    return;
  }
  const std::string path =
      absl::StrCat(folder_, "/", kPrefix, NewRandomId(), ".pcapng");
  const int error = WriteFile(folder_, path, capture);
  if (error == 0) {
    spdlog::info("kept a frame that crashes a dissector: {} {}", path, ids);
  } else {
    metrics::Count(metrics::Event::kCrashingFrameNotKept);
    spdlog::warn("can't keep a frame that crashes a dissector in {}: {} {}",
                 folder_, std::strerror(error), ids);
  }
}

}  // namespace dissectd::server
