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
// The greatest number of frames that may crash pass workers before a dissection
// fails.
inline constexpr uint32_t kMaxCrashes = 64;
// The greatest number of chunks that a pass worker owns: the current one, and
// those that wait for their turn.
inline constexpr uint32_t kMaxChunksOfPassWorker = 3;
inline constexpr uint32_t kNoChunk = UINT32_MAX;

// The state that pass workers and their worker share, in memory that all of
// them write. A pass worker writes its own PassWorker at any time, and the rest
// only while it has the turn.
struct PassWorkerState {
  struct PassWorker {
    ipc::StatusPage page;
    // The chunks that it owns, in their order; then kNoChunk.
    std::atomic<uint32_t> chunks[kMaxChunksOfPassWorker];
    // Whether it is sending: a pass worker that dies then has broken the
    // stream.
    std::atomic<bool> writing;
  };

  // The first chunk that no pass worker has taken yet.
  std::atomic<uint32_t> next_chunk;
  // The chunk to be sent next. Pass workers wait for it with a futex.
  std::atomic<uint32_t> turn;
  // Whether sending is over.
  std::atomic<bool> stopped;
  // The number of frames in the view that were sent.
  uint32_t frames_sent;
  // The number of frames that were left out.
  uint32_t frames_crashed;
  // The error of wiretap that ended reading; 0 if none did.
  int32_t error_code;
  char error_info[256];
  PassWorker pass_workers[kMaxPassWorkers];
  // The limit of crashes in this dissection, at most kMaxCrashes.
  uint32_t max_crashes;
  // Written by the worker: each crash before the count that includes it.
  std::atomic<uint32_t> crash_count;
  ipc::KnownCrash crashes[kMaxCrashes];
};

// Returns the crash at this frame; null if there was none.
const ipc::KnownCrash* CrashAt(const PassWorkerState& state,
                               uint32_t frame_number);

// Owns the PassWorkerState, and zeroed memory for the sink behind it, in memory
// that forked processes share.
class SharedPassState {
 public:
  // Errors: RESOURCE_EXHAUSTED.
  static absl::StatusOr<SharedPassState> Create(size_t sink_bytes);

  PassWorkerState* operator->() const { return state_.get(); }
  PassWorkerState* get() const { return state_.get(); }
  absl::Span<uint8_t> sink_memory() const;

 private:
  struct Unmap {
    void operator()(PassWorkerState* state) const;

    size_t bytes = 0;
  };
  SharedPassState(PassWorkerState* state, size_t bytes)
      : state_(state, Unmap{bytes}) {}

  std::unique_ptr<PassWorkerState, Unmap> state_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PASS_WORKER_STATE_H_
