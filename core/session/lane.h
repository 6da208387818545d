// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LANE_H_
#define CORE_SESSION_LANE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "core/session/lane_board.h"

namespace dissectd {

// What a lane does with a chunk of frames. Used in the lane's process only.
class LaneWork {
 public:
  // What was made of a chunk and waits for its turn.
  class Result {
   public:
    virtual ~Result() = default;

    // Whether the work left a state behind that the chunks after it depend on.
    bool changed_state = false;
  };

  virtual ~LaneWork() = default;

  // After the fork, before anything else.
  virtual absl::Status BeginLane() = 0;
  // Dissects a chunk.
  virtual absl::Status WorkOn(uint32_t chunk,
                              std::unique_ptr<Result>* result) = 0;
  // Sends it: it is the chunk's turn.
  virtual absl::Status Send(const Result& result) = 0;
};

// The life of one lane: takes chunks as long as there are any, works on them
// ahead of their turns, and sends each in its turn. The lane whose chunk is the
// first to change the state goes on alone after that, and the others' work on
// later chunks is dropped.
class Lane {
 public:
  // Neither is owned; both outlive this.
  Lane(LaneBoard* board, uint32_t index, uint32_t chunk_count, LaneWork* work)
      : board_(board),
        index_(index),
        self_(&board->lanes[index]),
        chunk_count_(chunk_count),
        work_(work) {}

  // `redo` are chunks that a lane left which died. Errors: those of the work.
  absl::Status Run(const std::vector<uint32_t>& redo);

 private:
  struct Pending {
    uint32_t chunk;
    std::unique_ptr<LaneWork::Result> result;
  };

  absl::Status TakeOn(uint32_t chunk);
  absl::Status SendFirst();
  absl::Status RunAlone();
  // Returns whether the turn came: it doesn't once another lane is alone.
  bool WaitForTurn(uint32_t chunk);
  bool AnotherIsAlone() const;
  // Notes on the board which chunks are here, with one that is worked on.
  void Note(uint32_t current);

  LaneBoard* const board_;
  const uint32_t index_;
  LaneBoard::Lane* const self_;
  const uint32_t chunk_count_;
  LaneWork* const work_;
  std::deque<Pending> pending_;
};

// Runs so many lanes until all chunks are sent, in their order. A lane that
// dies in the middle of a frame is followed by another that leaves it out, and
// the board says which. If the stream is broken, or lanes die all the time, the
// session ends as the last lane did. Errors: CANCELLED if a lane could not
// send, INTERNAL.
absl::Status RunLanes(LaneBoard* board, uint32_t lanes, uint32_t chunk_count,
                      LaneWork* work);

}  // namespace dissectd

#endif  // CORE_SESSION_LANE_H_
