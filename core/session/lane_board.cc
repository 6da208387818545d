// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/lane_board.h"

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "absl/status/status.h"
#include "core/encode/field_dictionary.h"

namespace dissectd {

const LaneBoard::Crash* CrashAt(const LaneBoard& board, uint32_t frame_number) {
  for (uint32_t i = 0; i < board.crash_count; ++i) {
    if (board.crashes[i].frame_number == frame_number) return &board.crashes[i];
  }
  return nullptr;
}

size_t SharedBoard::Bytes() {
  return sizeof(LaneBoard) + DefinedFields::MemoryBytes();
}

absl::StatusOr<SharedBoard> SharedBoard::Create() {
  void* memory = mmap(nullptr, Bytes(), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return absl::ErrnoToStatus(errno, "no memory can be shared with lanes");
  }
  auto* board = new (memory) LaneBoard();
  for (LaneBoard::Lane& lane : board->lanes) {
    for (std::atomic<uint32_t>& chunk : lane.chunks) chunk = kNoChunk;
  }
  return SharedBoard(board);
}

absl::Span<uint8_t> SharedBoard::defined_fields() const {
  return {reinterpret_cast<uint8_t*>(board_.get() + 1),
          DefinedFields::MemoryBytes()};
}

void SharedBoard::Unmap::operator()(LaneBoard* board) const {
  munmap(board, Bytes());
}

}  // namespace dissectd
