// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_LIVE_SOURCE_H_
#define CORE_DISSECTION_LIVE_SOURCE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "core/ipc/worker_channel.h"

namespace dissectd::engine {

// The worker's view of a live capture. Only records that dissectd has announced
// can be read: others may be incomplete, and wiretap can't resume within a
// record.
class LiveSource {
 public:
  // A file of the capture.
  struct File {
    int fd = -1;
    std::string name;
    uint64_t first_record = 0;
  };
  enum class Change {
    // More can be read from the file, or it is complete.
    kMore,
    // The next file has begun.
    kNextFile,
    // There is nothing more.
    kOver,
  };

  // `channel` is not owned and outlives this.
  explicit LiveSource(WorkerChannel* channel) : channel_(channel) {}

  // Calls `wait` before each message is received. Its errors are those of the
  // methods that receive.
  void SetWait(std::function<absl::Status()> wait) { wait_ = std::move(wait); }

  // Receives the first file, which comes after the request. Errors: those of
  // the channel.
  absl::Status Begin();

  // Whether the worker can read another record, or the end of a complete file.
  bool CanRead() const {
    return !at_end_ && (is_complete() || records_ < state_.records);
  }
  bool is_complete() const { return state_.complete != 0; }
  void CountRecord() { ++records_; }
  // Call this when the file has no further record. If it isn't complete, it
  // ends before the announced records, because of a full disk: the rest can be
  // read once it is complete.
  void SetAtEnd();

  // Waits for a change. Meanwhile passes other messages to `handle`. Errors:
  // those of the channel and of `handle`.
  absl::StatusOr<Change> Await(
      absl::FunctionRef<absl::Status(const WorkerChannel::Message&)> handle);

  // The current file.
  const File& file() const { return file_; }

 private:
  absl::Status TakeFile(const WorkerChannel::Message& message);

  absl::StatusOr<WorkerChannel::Message> Receive();

  WorkerChannel* const channel_;
  std::function<absl::Status()> wait_;
  File file_;
  ipc::LiveState state_ = {};
  uint64_t records_ = 0;
  bool at_end_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_LIVE_SOURCE_H_
