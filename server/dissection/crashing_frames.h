// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_CRASHING_FRAMES_H_
#define SERVER_DISSECTION_CRASHING_FRAMES_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace dissectd::server {

// Keeps frames that crash dissectors in a folder of the operator, each as a
// capture file, for reports to Wireshark. Thread-safe.
class CrashingFrames {
 public:
  // Further frames aren't kept until the operator removes some.
  static constexpr size_t kMaxFrames = 100;
  // The size of a capture with one frame.
  static constexpr size_t kMaxFrameBytes = 1 << 20;

  explicit CrashingFrames(std::string folder) : folder_(std::move(folder)) {}

  // Writes a file, which either is complete or doesn't exist. Logs the name, or
  // why there is none, with the ids of the call (see LogIdsOf). Blocks on the
  // disk.
  void Keep(absl::string_view capture, absl::string_view log_ids);

 private:
  const std::string folder_;
  // Held while a file is written, so that there are never too many.
  absl::Mutex mutex_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_CRASHING_FRAMES_H_
