// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_TESTING_RECORDING_READER_H_
#define SERVER_LIVE_TESTING_RECORDING_READER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/principal.h"
#include "server/live/live_reader.h"
#include "server/live/live_worker.h"

namespace dissectd::server {

// A client of a live capture that notes what it hears, one line each: "header
// TEXT", "TEXT to FRAME, COUNT sent", "last message" if an end comes with one,
// "end CODE", "dropped", "too slow".
class RecordingReader : public LiveReader {
 public:
  // `engine` is not owned and outlives this.
  RecordingReader(WorkerParent* engine, v1::DissectRequest request,
                  std::string principal);

  // Any thread's.
  std::vector<std::string> Heard() const;
  // Waits until it has heard `count` lines at least, and returns all.
  std::vector<std::string> AwaitHeard(size_t count) const;
  void SetRoom(bool has_room) { has_room_ = has_room; }
  void SetBacklog(size_t bytes) { backlog_ = bytes; }

  // Returns the worker that serves this reader. This and ForgetWorker are used
  // on the loop's thread only.
  const std::shared_ptr<LiveWorker>& worker() const { return worker_; }
  void ForgetWorker() { worker_.reset(); }

  const Principal& principal() const override { return principal_; }
  WorkerParent* engine() const override { return engine_; }
  const v1::DissectRequest& request() const override { return request_; }
  bool is_alone() const override { return alone_; }
  uint64_t frames_sent() const override { return frames_sent_; }
  void OnWorker(std::shared_ptr<LiveWorker> worker) override;
  void OnHeader(const grpc::ByteBuffer& header) override;
  void OnMessage(const grpc::ByteBuffer& message, uint32_t last_frame,
                 uint64_t frames_sent) override;
  void OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
             const absl::Status& status) override;
  void OnDropped(bool too_slow) override;
  bool HasRoom() const override { return has_room_; }
  size_t backlog() const override { return backlog_; }

 private:
  void Note(const std::string& line);

  WorkerParent* const engine_;
  const Principal principal_;
  v1::DissectRequest request_;
  bool alone_ = false;
  uint64_t frames_sent_ = 0;
  std::shared_ptr<LiveWorker> worker_;
  std::atomic<bool> has_room_ = true;
  std::atomic<size_t> backlog_ = 0;
  mutable absl::Mutex mutex_;
  std::vector<std::string> heard_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_TESTING_RECORDING_READER_H_
