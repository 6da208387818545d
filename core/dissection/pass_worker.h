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

// What a pass worker does with the chunks of frames, one after the other. Used
// in the pass worker's process only.
class PassWork {
 public:
  // What was made of a chunk and waits for its turn.
  class Result {
   public:
    virtual ~Result() = default;
  };

  virtual ~PassWork() = default;

  // After the fork, before anything else.
  virtual absl::Status BeginPassWorker() = 0;
  // Dissects the next chunk.
  virtual absl::Status WorkOn(std::unique_ptr<Result>* result) = 0;
  // Does what later chunks depend on with the next chunk, another pass
  // worker's.
  virtual void Replay() = 0;
  // Whether no further chunk has anything to be sent.
  virtual bool IsOver() = 0;
  // Sends it: it is the chunk's turn.
  virtual absl::Status Send(const Result& result) = 0;
};

// The life of one pass worker: goes through the chunks, works on those that no
// other pass worker has taken, replays the others, and sends what it made of
// each in its turn.
class PassWorker {
 public:
  // Neither is owned; both outlive this. `redo` are chunks that a pass worker
  // left which died.
  PassWorker(PassWorkerState* board, uint32_t index, uint32_t chunk_count,
             std::vector<uint32_t> redo, PassWork* work)
      : shared_state_(board),
        self_(&board->pass_workers[index]),
        chunk_count_(chunk_count),
        work_(work),
        redo_(std::move(redo)) {}

  // Errors: those of the work.
  absl::Status Run();

 private:
  struct Pending {
    uint32_t chunk;
    std::unique_ptr<PassWork::Result> result;
  };

  bool IsDone() const;
  // Whether the chunk is this pass worker's from now on.
  bool Take(uint32_t chunk);
  absl::Status ProcessChunk(uint32_t chunk);
  // Sends what has its turn, and waits for that where too much is pending.
  absl::Status SendWhatIsDue();
  absl::Status SendFirst();
  void WaitForTurn(uint32_t chunk);
  // Notes on the board which chunks are here, with one that is worked on.
  void Note(uint32_t current);

  PassWorkerState* const shared_state_;
  PassWorkerState::PassWorker* const self_;
  const uint32_t chunk_count_;
  PassWork* const work_;
  std::vector<uint32_t> redo_;
  std::deque<Pending> pending_;
};

// Runs so many pass workers until all chunks are sent, in their order. A pass
// worker that dies in the middle of a frame is followed by another, which
// begins anew and leaves the frame out, and the board says which. If the stream
// is broken, or pass workers die all the time, the worker ends as the last pass
// worker did. Errors: CANCELLED if a pass worker could not send, INTERNAL.
absl::Status RunPassWorkers(PassWorkerState* board, uint32_t pass_workers,
                            uint32_t chunk_count, PassWork* work);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PASS_WORKER_H_
