// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PASS_WORKER_H_
#define CORE_DISSECTION_PASS_WORKER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/dissection/pass_worker_state.h"

namespace dissectd::engine {

// The work of a pass worker on each chunk of frames. Its methods are called
// only in the pass worker's process.
class PassWork {
 public:
  // The result of a chunk, which waits for its turn.
  class Result {
   public:
    virtual ~Result() = default;
  };

  virtual ~PassWork() = default;

  // Prepares the process after the fork.
  virtual absl::Status BeginPassWorker() = 0;
  // Dissects the next chunk.
  virtual absl::Status WorkOn(std::unique_ptr<Result>* result) = 0;
  // Processes the next chunk, which another pass worker has taken, only as far
  // as later chunks depend on it.
  virtual void Replay() = 0;
  // Whether no later chunk has anything to send.
  virtual bool IsOver() = 0;
  // Sends the result of a chunk. Called when it is the chunk's turn.
  virtual absl::Status Send(const Result& result) = 0;
};

// A pass worker: goes through the chunks, works on those that no other pass
// worker has taken, replays the others, and sends the result of each of its
// chunks when it is the chunk's turn.
class PassWorker {
 public:
  // `state` and `work` are not owned and outlive this. `unfinished` are the
  // chunks of a dead pass worker that this one replaces.
  PassWorker(PassWorkerState* state, uint32_t index, uint32_t chunk_count,
             std::vector<uint32_t> unfinished, PassWork* work)
      : state_(state),
        self_(&state->pass_workers[index]),
        chunk_count_(chunk_count),
        work_(work),
        unfinished_(std::move(unfinished)) {}

  // Returns when all of its chunks are sent. Errors: those of the work.
  absl::Status Run();

 private:
  struct Pending {
    uint32_t chunk;
    std::unique_ptr<PassWork::Result> result;
  };

  bool IsDone() const;
  // Tries to take the chunk. Returns whether this pass worker has it.
  bool Take(uint32_t chunk);
  absl::Status ProcessChunk(uint32_t chunk);
  // Sends chunks whose turn it is. Waits for a turn if too many are pending.
  absl::Status SendDue();
  absl::Status SendFirst();
  void WaitForTurn(uint32_t chunk);
  // Records which chunks have to be redone if this process dies: the pending
  // ones, and `current`.
  void PublishOwnership(uint32_t current);

  PassWorkerState* const state_;
  PassWorkerState::PassWorker* const self_;
  const uint32_t chunk_count_;
  PassWork* const work_;
  std::vector<uint32_t> unfinished_;
  std::deque<Pending> pending_;
};

// Forks `pass_workers` pass workers, and returns when all chunks are sent, in
// their order. If a pass worker dies while it dissects a frame, another one
// replaces it, starts again with the first frame and leaves that frame out;
// `state` then has the frame as a crash. If a pass worker has broken the
// stream, or too many frames crash, this process ends as the last pass worker
// did. Errors: CANCELLED if a pass worker could not send, INTERNAL.
absl::Status RunPassWorkers(PassWorkerState* state, uint32_t pass_workers,
                            uint32_t chunk_count, PassWork* work);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PASS_WORKER_H_
