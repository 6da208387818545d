// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LANE_H_
#define CORE_SESSION_LANE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/session/lane_board.h"

namespace dissectd {

// What a lane does with the chunks of frames, one after the other. Used in the
// lane's process only.
class LaneWork {
 public:
  // What was made of a chunk and waits for its turn.
  class Result {
   public:
    virtual ~Result() = default;
  };

  virtual ~LaneWork() = default;

  // After the fork, before anything else.
  virtual absl::Status BeginLane() = 0;
  // Dissects the next chunk.
  virtual absl::Status WorkOn(std::unique_ptr<Result>* result) = 0;
  // Does what later chunks depend on with the next chunk, another lane's.
  virtual void Skim() = 0;
  // Whether no further chunk has anything to be sent.
  virtual bool IsOver() = 0;
  // Sends it: it is the chunk's turn.
  virtual absl::Status Send(const Result& result) = 0;
};

// The life of one lane: goes through the chunks, works on those that no other
// lane has taken, skims the others, and sends what it made of each in its turn.
class Lane {
 public:
  // Neither is owned; both outlive this. `redo` are chunks that a lane left
  // which died.
  Lane(LaneBoard* board, uint32_t index, uint32_t chunk_count,
       std::vector<uint32_t> redo, LaneWork* work)
      : board_(board),
        self_(&board->lanes[index]),
        chunk_count_(chunk_count),
        work_(work),
        redo_(std::move(redo)) {}

  // Errors: those of the work.
  absl::Status Run();

 private:
  struct Pending {
    uint32_t chunk;
    std::unique_ptr<LaneWork::Result> result;
  };

  bool IsDone() const;
  // Whether the chunk is this lane's from now on.
  bool Take(uint32_t chunk);
  absl::Status TakeOn(uint32_t chunk);
  // Sends what has its turn, and waits for that where too much is pending.
  absl::Status SendWhatIsDue();
  absl::Status SendFirst();
  void WaitForTurn(uint32_t chunk);
  // Notes on the board which chunks are here, with one that is worked on.
  void Note(uint32_t current);

  LaneBoard* const board_;
  LaneBoard::Lane* const self_;
  const uint32_t chunk_count_;
  LaneWork* const work_;
  std::vector<uint32_t> redo_;
  std::deque<Pending> pending_;
};

// Runs so many lanes until all chunks are sent, in their order. A lane that
// dies in the middle of a frame is followed by another, which begins anew and
// leaves the frame out, and the board says which. If the stream is broken, or
// lanes die all the time, the session ends as the last lane did. Errors:
// CANCELLED if a lane could not send, INTERNAL.
absl::Status RunLanes(LaneBoard* board, uint32_t lanes, uint32_t chunk_count,
                      LaneWork* work);

}  // namespace dissectd

#endif  // CORE_SESSION_LANE_H_
