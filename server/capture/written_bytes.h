// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_WRITTEN_BYTES_H_
#define SERVER_CAPTURE_WRITTEN_BYTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dissectd::server {

// Counts the bytes that a capture writes to its files, for metrics. dumpcap
// tells only numbers of packets, so the files are measured. Thread-safe.
class WrittenBytes {
 public:
  // `root` is the folder of the store. Files are named by their paths there.
  explicit WrittenBytes(int root) : root_(root) {}

  // Leaves out the bytes that a file has already, which an earlier daemon has
  // counted. Blocks on the file system.
  void Skip(const std::string& file) ABSL_LOCKS_EXCLUDED(measure_mutex_);

  // Notes the file that the capture writes to. Returns whether Measure has to
  // be called: not if it will be called for an earlier note anyway.
  bool Note(const std::string& file) ABSL_LOCKS_EXCLUDED(mutex_);

  // Counts what was written to the files that were noted, and to the one before
  // them, since the last call. Blocks on the file system.
  void Measure() ABSL_LOCKS_EXCLUDED(mutex_, measure_mutex_);

 private:
  uint64_t SizeOf(const std::string& file) const;
  void MeasureFile() ABSL_EXCLUSIVE_LOCKS_REQUIRED(measure_mutex_);

  const int root_;
  absl::Mutex mutex_;
  // The files that Measure will look at, in the order in which they were
  // opened.
  std::vector<std::string> noted_ ABSL_GUARDED_BY(mutex_);
  // Held while files are looked at.
  absl::Mutex measure_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  // The last file that was measured, and how many of its bytes were counted.
  std::string file_ ABSL_GUARDED_BY(measure_mutex_);
  uint64_t counted_ ABSL_GUARDED_BY(measure_mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_WRITTEN_BYTES_H_
