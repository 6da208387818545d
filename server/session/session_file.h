// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_FILE_H_
#define SERVER_SESSION_SESSION_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// Whether a file isn't what it was when it was opened. One that only grew has
// what was read.
bool IsChanged(const struct stat& now, const struct stat& before);

// A file that must keep what it had when it was opened. Thread-safe.
class SessionFile {
 public:
  // `opened` is the result of fstat before anything was read.
  SessionFile(UniqueFd file, const struct stat& opened);

  const UniqueFd& fd() const { return file_; }

  // Remembers the first and the last bytes, so that HasChanged can tell whether
  // a file that is longer now has only grown. Reads them from the file.
  void Remember() ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a part of what the file had has been lost or overwritten, as far as
  // its size, its time, and the bytes that are remembered tell. Reads them only
  // if the file isn't as it was seen last.
  bool HasChanged() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Returns a hash of the bytes to remember; nothing if they can't be read.
  std::optional<size_t> HashBytes() const;

  const UniqueFd file_;
  const struct stat opened_;
  absl::Mutex mutex_;
  std::optional<size_t> hash_ ABSL_GUARDED_BY(mutex_);
  // The result of fstat when the file was last known to be unchanged.
  struct stat seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_FILE_H_
