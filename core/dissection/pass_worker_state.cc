// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/pass_worker_state.h"

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "absl/status/status.h"

namespace dissectd::engine {

const ipc::KnownCrash* CrashAt(const PassWorkerState& state,
                               uint32_t frame_number) {
  for (uint32_t i = 0; i < state.crash_count; ++i) {
    if (state.crashes[i].frame == frame_number) return &state.crashes[i];
  }
  return nullptr;
}

absl::StatusOr<SharedPassState> SharedPassState::Create(size_t sink_bytes) {
  const size_t bytes = sizeof(PassWorkerState) + sink_bytes;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return absl::ErrnoToStatus(errno, "can't share memory with pass workers");
  }
  auto* state = new (memory) PassWorkerState();
  for (PassWorkerState::PassWorker& pass_worker : state->pass_workers) {
    for (std::atomic<uint32_t>& chunk : pass_worker.chunks) chunk = kNoChunk;
  }
  return SharedPassState(state, bytes);
}

absl::Span<uint8_t> SharedPassState::sink_memory() const {
  return {reinterpret_cast<uint8_t*>(state_.get() + 1),
          state_.get_deleter().bytes - sizeof(PassWorkerState)};
}

void SharedPassState::Unmap::operator()(PassWorkerState* state) const {
  munmap(state, bytes);
}

}  // namespace dissectd::engine
