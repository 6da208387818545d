// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FREE_DISK_H_
#define SERVER_STORE_FREE_DISK_H_

#include <chrono>
#include <cstdint>

namespace dissectd::server {

// The space that is free on a file system, which is asked for a few times a
// second at most. Thread-compatible.
class FreeDisk {
 public:
  // `folder` is open, and stays so while this exists.
  explicit FreeDisk(int folder) : folder_(folder) {}

  // Returns the number of free bytes, or a very large number if the file system
  // doesn't tell or is read-only, as then writing fails with its own error. May
  // block on the file system.
  uint64_t Bytes();
  // Notes that bytes are about to be written.
  void Take(uint64_t bytes);
  // Makes Bytes ask the file system again.
  void Forget() { known_ = false; }

 private:
  const int folder_;
  bool known_ = false;
  std::chrono::steady_clock::time_point time_;
  uint64_t bytes_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_FREE_DISK_H_
