// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALLER_LINES_H_
#define SERVER_RPC_CALLER_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// Bounds the lines that each caller can cause in a log within a second, and
// counts those that are left out. Thread-safe.
class CallerLines {
 public:
  // More than callers cause that don't mean to fill the log.
  static constexpr uint32_t kMaxPerSecond = 100;
  // The number of callers that are counted in a second. Others share a count.
  static constexpr size_t kMaxCallers = 1000;

  // The numbers of lines that were left out, by caller.
  using LeftOut = std::unordered_map<std::string, uint64_t>;

  // Returns whom the lines about a call are counted for: the caller or, if it
  // wasn't identified, all such callers together, as their number is unlimited.
  static std::string CallerOf(const CallEnd& end);

  // Counts a line, and returns whether the caller may have it.
  bool Allow(const std::string& caller, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the lines that were left out in seconds that are over, and forgets
  // them.
  LeftOut TakeLeftOut(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the lines that were left out until now, and forgets them.
  LeftOut TakeAllLeftOut() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Begins another second if the last one is over.
  void BeginSecond(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndSecond() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::Time second_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // The lines of this second, with those that were left out.
  std::unordered_map<std::string, uint32_t> lines_ ABSL_GUARDED_BY(mutex_);
  // What was left out in seconds that are over.
  LeftOut left_out_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALLER_LINES_H_
