// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/written_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

#include "server/metrics/events.h"

namespace dissectd::server {

void WrittenBytes::Skip(const std::string& file) {
  const absl::MutexLock lock(&measure_mutex_);
  file_ = file;
  counted_ = SizeOf(file);
}

bool WrittenBytes::Note(const std::string& file) {
  const absl::MutexLock lock(&mutex_);
  const bool is_first = noted_.empty();
  if (is_first || noted_.back() != file) noted_.push_back(file);
  return is_first;
}

void WrittenBytes::Measure() {
  const absl::MutexLock measure_lock(&measure_mutex_);
  std::vector<std::string> files;
  {
    const absl::MutexLock lock(&mutex_);
    files = std::exchange(noted_, {});
  }
  for (std::string& file : files) {
    if (file != file_) {
      // The last bytes came after the last look, and before the next file.
      MeasureFile();
      file_ = std::move(file);
      counted_ = 0;
    }
    MeasureFile();
  }
}

// A ring's file may be deleted already.
uint64_t WrittenBytes::SizeOf(const std::string& file) const {
  struct stat status = {};
  if (file.empty() ||
      fstatat(root_, file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return 0;
  }
  return static_cast<uint64_t>(status.st_size);
}

void WrittenBytes::MeasureFile() {
  const uint64_t size = SizeOf(file_);
  if (size <= counted_) return;
  metrics::Count(metrics::Event::kBytesCaptured, size - counted_);
  counted_ = size;
}

}  // namespace dissectd::server
