// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PASS_WORKER_STATE_H_
#define CORE_DISSECTION_PASS_WORKER_STATE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

inline constexpr uint32_t kMaxPassWorkers = 64;
// A dissection that crashes more often is given up.
inline constexpr uint32_t kMaxCrashes = 16;
// Chunks that a pass worker works on or holds until it is their turn.
inline constexpr uint32_t kMaxChunksOfPassWorker = 3;
inline constexpr uint32_t kNoChunk = UINT32_MAX;

// What pass workers and their worker share: memory that all of them write. Only
// the pass worker whose turn it is writes what isn't its own.
struct PassWorkerState {
  struct PassWorker {
    ipc::StatusPage page;
    // In order; kNoChunk where there is none.
    std::atomic<uint32_t> chunks[kMaxChunksOfPassWorker];
    // While a message is being written: a pass worker that dies then has broken
    // the stream.
    std::atomic<bool> writing;
  };
  struct Crash {
    uint32_t frame_number;
    int32_t signal;
    int32_t exit_status;
    char protocol[sizeof(ipc::StatusPage::protocol)];
  };

  // The chunk that no pass worker has taken yet.
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
  PassWorker pass_workers[kMaxPassWorkers];
  // Written by the worker; a crash before its count.
  std::atomic<uint32_t> crash_count;
  Crash crashes[kMaxCrashes];
};

// The crash at this frame; null if there was none.
const PassWorkerState::Crash* CrashAt(const PassWorkerState& board,
                                      uint32_t frame_number);

// Owns the PassWorkerState, and zeroed memory for the sink behind it, in memory
// that forked processes share.
class SharedPassState {
 public:
  // Errors: RESOURCE_EXHAUSTED.
  static absl::StatusOr<SharedPassState> Create(size_t sink_bytes);

  PassWorkerState* operator->() const { return shared_state_.get(); }
  PassWorkerState* get() const { return shared_state_.get(); }
  absl::Span<uint8_t> sink_memory() const;

 private:
  struct Unmap {
    void operator()(PassWorkerState* board) const;

    size_t bytes = 0;
  };
  SharedPassState(PassWorkerState* board, size_t bytes)
      : shared_state_(board, Unmap{bytes}) {}

  std::unique_ptr<PassWorkerState, Unmap> shared_state_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PASS_WORKER_STATE_H_
