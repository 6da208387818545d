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

// What a pass worker does with each chunk of frames. Its methods are called in
// the pass worker's process only.
class PassWork {
 public:
  // What was made from a chunk and waits for its turn.
  class Result {
   public:
    virtual ~Result() = default;
  };

  virtual ~PassWork() = default;

  // Prepares the process after the fork.
  virtual absl::Status BeginPassWorker() = 0;
  // Dissects the next chunk.
  virtual absl::Status WorkOn(std::unique_ptr<Result>* result) = 0;
  // Does with the next chunk, which is another pass worker's, only what later
  // chunks depend on.
  virtual void Replay() = 0;
  // Whether there is nothing to send of any later chunk.
  virtual bool IsOver() = 0;
  // Sends what was made from a chunk. Called when it is the chunk's turn.
  virtual absl::Status Send(const Result& result) = 0;
};

// One pass worker: goes through the chunks, works on those that no other pass
// worker has taken, replays the others, and sends what it has made from a chunk
// when it is the chunk's turn.
class PassWorker {
 public:
  // `state` and `work` are not owned and outlive this. `unfinished` are the
  // chunks of a pass worker that died, in whose place this one is.
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
  // Tries to make the chunk this pass worker's, and returns whether it is.
  bool Take(uint32_t chunk);
  absl::Status ProcessChunk(uint32_t chunk);
  // Sends chunks whose turn it is. Waits for a turn if too many are pending.
  absl::Status SendDue();
  absl::Status SendFirst();
  void WaitForTurn(uint32_t chunk);
  // Tells the worker which chunks to have redone if this process dies: those
  // that are pending, and `current`.
  void PublishOwnership(uint32_t current);

  PassWorkerState* const state_;
  PassWorkerState::PassWorker* const self_;
  const uint32_t chunk_count_;
  PassWork* const work_;
  std::vector<uint32_t> unfinished_;
  std::deque<Pending> pending_;
};

// Forks `pass_workers` pass workers, and returns when all chunks are sent, in
// their order. A pass worker that dies while it dissects a frame is replaced by
// another, which begins with the first frame again and leaves this one out;
// `state` has the frame as a crash. If a pass worker has broken the stream, or
// too many frames crash, this process ends as the last pass worker did. Errors:
// CANCELLED if a pass worker could not send, INTERNAL.
absl::Status RunPassWorkers(PassWorkerState* state, uint32_t pass_workers,
                            uint32_t chunk_count, PassWork* work);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PASS_WORKER_H_
