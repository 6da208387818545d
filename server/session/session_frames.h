// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_FRAMES_H_
#define SERVER_SESSION_SESSION_FRAMES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/query/query_worker.h"
#include "server/rpc/worker_limit.h"
#include "server/session/filter_bitmaps.h"
#include "server/session/packet_lists.h"
#include "server/session/question_attempts.h"
#include "server/session/sorted_lists.h"

namespace dissectd::server {

// The frames that a question to a session is about. Used on the loop's thread
// only.
class SessionFrames {
 public:
  virtual ~SessionFrames() = default;

  // What is known of the frames: the fields that don't depend on the session.
  virtual const v1::Session& facts() const = 0;

  // Starts a fork that has dissected no frame of the second pass from
  // `first_frame` on, but as many as possible before it. Errors: those of
  // QueryWorker.
  virtual absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      uint32_t first_frame, WorkerLimit::Permit permit) = 0;

  // Prepares for another question about a frame near `first_frame`.
  virtual void PrepareFork(uint32_t first_frame) = 0;

  // Returns the last frame of the second pass that a fork would have dissected
  // that must not have dissected `first_frame`; 0 for none.
  virtual uint32_t ForkPosition(uint32_t first_frame) const = 0;

  // Begins a question, which leaves out the frames that are known to crash.
  virtual QuestionAttempts BeginQuestion() const = 0;

  // Leaves out the frames before `first_frame` that crashed the forks of a
  // question while they skipped them.
  virtual void LearnCrashes(const std::vector<ipc::KnownCrash>& crashes,
                            uint32_t first_frame) = 0;

  // Null once there can't be any more answers.
  virtual FilterBitmaps* filters() = 0;
  virtual SortedLists* sorted_lists() = 0;
  // Null if lists aren't kept.
  virtual PacketLists* packet_lists() = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_FRAMES_H_
