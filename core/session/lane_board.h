// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LANE_BOARD_H_
#define CORE_SESSION_LANE_BOARD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/ipc/protocol.h"

namespace dissectd {

inline constexpr uint32_t kMaxLanes = 64;
// A dissection that crashes more often is given up.
inline constexpr uint32_t kMaxCrashes = 16;
// Chunks that a lane works on or holds until it is their turn.
inline constexpr uint32_t kMaxChunksOfLane = 3;
inline constexpr uint32_t kNoChunk = UINT32_MAX;

// What lanes and their session share: memory that all of them write. Only the
// lane whose turn it is writes what isn't its own.
struct LaneBoard {
  struct Lane {
    ipc::StatusPage page;
    // In order; kNoChunk where there is none.
    std::atomic<uint32_t> chunks[kMaxChunksOfLane];
    // While a message is being written: a lane that dies then has broken the
    // stream.
    std::atomic<bool> writing;
  };
  struct Crash {
    uint32_t frame_number;
    int32_t signal;
    int32_t exit_status;
    char protocol[sizeof(ipc::StatusPage::protocol)];
  };

  // The chunk that no lane has taken yet.
  std::atomic<uint32_t> next_chunk;
  // The chunk that is to be sent next; waited for with a futex.
  std::atomic<uint32_t> turn;
  // No more is to be sent.
  std::atomic<bool> stopped;
  // Of what was sent.
  uint32_t frames_sent;
  bool limited;
  // The error of wiretap that ended reading; 0 if none did.
  int32_t error_code;
  char error_info[256];
  Lane lanes[kMaxLanes];
  // Written by the session; a crash before its count.
  std::atomic<uint32_t> crash_count;
  Crash crashes[kMaxCrashes];
};

// The crash at this frame; null if there was none.
const LaneBoard::Crash* CrashAt(const LaneBoard& board, uint32_t frame_number);

// Owns a board, and memory for DefinedFields behind it.
class SharedBoard {
 public:
  // Errors: RESOURCE_EXHAUSTED.
  static absl::StatusOr<SharedBoard> Create();

  LaneBoard* operator->() const { return board_.get(); }
  LaneBoard* get() const { return board_.get(); }
  absl::Span<uint8_t> defined_fields() const;

 private:
  struct Unmap {
    void operator()(LaneBoard* board) const;
  };
  explicit SharedBoard(LaneBoard* board) : board_(board) {}

  static size_t Bytes();

  std::unique_ptr<LaneBoard, Unmap> board_;
};

}  // namespace dissectd

#endif  // CORE_SESSION_LANE_BOARD_H_
