// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_AUDIT_AUDIT_LOG_H_
#define SERVER_AUDIT_AUDIT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/base/unique_fd.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/caller_lines.h"

namespace dissectd::server {

// Writes a line of JSON for each call that was refused, or that matters. A
// thread of its own writes, so that calls don't wait for the disk. If lines
// come faster than they are written, or can't be written, some are lost, and a
// later line says how many. It leaves out lines of a caller with many calls
// within a second that fail and have no effect, and a later line says whose
// they are and how many. Thread-safe.
class AuditLog final : public CallObserver {
 public:
  // The number of lines that can wait to be written.
  static constexpr size_t kMaxWaiting = 10'000;

  // Appends to a file, which is made if it is missing, also when it was renamed
  // or deleted later. Only its owner can read it. Without a file, the lines go
  // to the daemon's log. Errors: a message for the operator.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(std::string path);

  // Calls Stop.
  ~AuditLog() override;
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  void OnCallEnded(const CallEnd& end) override ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes what waits, and takes no more lines.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  explicit AuditLog(std::string path) : path_(std::move(path)) {}

  // Opens the file, unless the open file still has its name.
  absl::Status OpenFile();
  // The thread's function.
  void WriteLines() ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns whether all lines are written.
  bool Write(const std::deque<std::string>& lines);
  bool Append(const std::string& text);

  const std::string path_;
  // Used by the thread, and before it starts.
  UniqueFd file_;
  bool failing_ = false;

  CallerLines limit_;
  absl::Mutex mutex_;
  std::deque<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_AUDIT_AUDIT_LOG_H_
