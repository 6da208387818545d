// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_CHECKPOINTS_H_
#define SERVER_SESSION_CHECKPOINTS_H_

#include <grpcpp/support/byte_buffer.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/dissection/crash_recovery.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"

namespace dissectd::server {

// Processes of a session that each have dissected some more frames of the
// second pass, and wait. All are forks of one that goes on to the next
// checkpoint, as a fork takes longer the more ancestors a process has. Used on
// the loop's thread only.
class Checkpoints : private QueryReader {
 public:
  struct Deps {
    // Not owned; outlives this.
    IoLoop* loop;
    // The process that has read the capture, and the number of its frames.
    std::shared_ptr<QueryWorker> read;
    uint32_t frames;
    // Knows the frames to leave out. Not owned; outlives this.
    const CrashRecovery* recovery;
    // Returns whether another process may do what one has died of, without the
    // frame that is to blame.
    std::function<bool(const QueryWorker& process)> may_repeat;
    // Called when the next one can be made.
    std::function<void()> made;
  };

  explicit Checkpoints(Deps deps);
  ~Checkpoints() override;
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  // Begins to make the next one, unless all have been made. Not while one is
  // being made. Failures are ignored: without checkpoints, answers only take
  // longer.
  void MakeNext();

  // Ends all checkpoints for good, as memory is short.
  void Stop();
  bool has_stopped() const { return stopped_; }

  size_t size() const { return checkpoints_.size(); }
  bool is_making() const { return next_frame_ != 0; }
  // The last frame that is known not to crash.
  uint32_t last_frame() const { return last_frame_; }
  // The process whose forks they are; 0 if there is none.
  pid_t parent() const { return skipping_ == nullptr ? 0 : skipping_->pid(); }

  struct Checkpoint {
    // The last frame of the second pass that it has dissected.
    uint32_t frame;
    std::shared_ptr<QueryWorker> process;
  };
  // Returns the last checkpoint before a frame; null if there is none. Passes
  // over those that have just ended.
  const Checkpoint* Before(uint32_t frame) const;

 private:
  absl::Status SkipTo(uint32_t frame);
  absl::Status StartSkipping();
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  absl::Status AddCheckpoint(uint32_t frame);
  // Forgets the process that goes on, with which its forks end.
  void GiveUp();
  // Forgets the checkpoint after this frame.
  void Remove(uint32_t frame);
  // Returns what calls the function, on the loop and if this still exists,
  // after a process has ended.
  absl::AnyInvocable<void(const absl::Status&)> Later(
      std::function<void()> function);

  const Deps deps_;
  // The process that goes on; null before the first checkpoint is made.
  std::shared_ptr<QueryWorker> skipping_;
  uint32_t last_frame_ = 0;
  // The frame of the checkpoint that is being made; 0 if there is none.
  uint32_t next_frame_ = 0;
  std::vector<Checkpoint> checkpoints_;
  uint32_t starts_ = 0;
  bool stopped_ = false;
  // Tells functions that this exists.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_CHECKPOINTS_H_
