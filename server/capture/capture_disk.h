// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_DISK_H_
#define SERVER_CAPTURE_CAPTURE_DISK_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "server/store/file_store.h"
#include "server/store/free_disk.h"

namespace dissectd::server {

// The disk space that the files of captures take, and that they leave. Calls
// may block on the file system. Thread-compatible.
class CaptureDisk {
 public:
  struct Limits {
    // The size of all captures together, in bytes; 0: no limit.
    uint64_t quota = 0;
    // The space that stays free on the file system, in bytes; 0: none.
    uint64_t min_free = 0;
  };

  // `files` is not owned and outlives this.
  CaptureDisk(const FileStore* files, const Limits& limits)
      : files_(files), limits_(limits), free_(files->root_fd()) {}

  // Whether there is a limit that captures could exceed while they run.
  bool is_limited() const { return limits_.quota > 0 || limits_.min_free > 0; }

  // Measures the files of a capture, which may have been deleted. The others
  // keep the sizes that they had.
  void Measure(const std::string& id);

  // Tells whether captures may begin or go on. Errors: STORE_UNAVAILABLE,
  // CAPTURE_QUOTA_EXCEEDED, FREE_DISK_TOO_SMALL.
  absl::Status CheckRoom();

 private:
  bool IsQuotaUsed() const {
    return limits_.quota > 0 && used_ >= limits_.quota;
  }
  // Clients and the operator delete files of deleted captures.
  void MeasureAll();

  const FileStore* const files_;
  const Limits limits_;
  FreeDisk free_;
  // Indexed by the ids of captures.
  std::map<std::string, uint64_t> sizes_;
  uint64_t used_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_DISK_H_
