// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_SNAPSHOT_H_
#define SERVER_SESSION_SESSION_SNAPSHOT_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/io_loop.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/worker_limit.h"
#include "server/session/filter_bitmaps.h"
#include "server/session/session_frames.h"

namespace dissectd::server {

// The frames that a session had read of a running capture at some time: a fork
// of the process that reads on. It has no checkpoints, as it soon is out of
// date. Used on the loop's thread only.
class SessionSnapshot : public SessionFrames,
                        public std::enable_shared_from_this<SessionSnapshot>,
                        private QueryReader {
 public:
  using Done = absl::AnyInvocable<void(
      const absl::StatusOr<std::shared_ptr<SessionFrames>>& frames)>;

  // What is known of the session.
  struct Origin {
    // The process that reads the capture.
    std::shared_ptr<QueryWorker> reading;
    v1::Session facts;
    // What questions to the session begin with.
    QuestionAttempts attempts;
  };

  // Forks the process that reads the capture. Errors: those of QueryWorker.
  static absl::StatusOr<std::shared_ptr<SessionSnapshot>> Start(IoLoop* loop,
                                                                Origin origin);

  // Calls `done` when the snapshot knows its frames, possibly before this has
  // returned. Errors: those of the process.
  void Await(Done done);

  // Whether later questions can be about these frames, if the session is known
  // to have this number.
  bool IsCurrent(uint32_t frames) const;

  const v1::Session& facts() const override { return facts_; }
  absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      uint32_t first_frame, WorkerLimit::Permit permit) override;
  // Later questions are about another snapshot.
  void PrepareFork(uint32_t /*first_frame*/) override {}
  uint32_t ForkPosition(uint32_t /*first_frame*/) const override { return 0; }
  QuestionAttempts BeginQuestion() const override { return attempts_; }
  // The next snapshot wouldn't know them.
  void LearnCrashes(const std::vector<ipc::KnownCrash>& /*crashes*/,
                    uint32_t /*first_frame*/) override {}
  FilterBitmaps* filters() override { return filters_.get(); }
  SortedLists* sorted_lists() override { return &sorted_lists_; }
  // The next snapshot would begin again.
  PacketLists* packet_lists() override { return nullptr; }

 private:
  SessionSnapshot(IoLoop* loop, v1::Session facts, QuestionAttempts attempts)
      : loop_(loop),
        attempts_(std::move(attempts)),
        scans_({[this] { return StartFork(0, WorkerLimit::Permit()); },
                [this] { return BeginQuestion(); }}),
        facts_(std::move(facts)) {}

  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;

  IoLoop* const loop_;
  const QuestionAttempts attempts_;
  const FrameScan::Source scans_;
  v1::Session facts_;
  std::shared_ptr<QueryWorker> process_;
  std::vector<Done> waiting_;
  // Present once the process has answered.
  std::optional<absl::Status> status_;
  std::unique_ptr<FilterBitmaps> filters_;
  SortedLists sorted_lists_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_SNAPSHOT_H_
