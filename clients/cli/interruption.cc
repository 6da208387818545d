// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interruption.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dissectd::cli {
namespace {

struct State {
  absl::Mutex mu;
  std::vector<const OnInterrupt*> active ABSL_GUARDED_BY(mu);
  bool interrupted ABSL_GUARDED_BY(mu) = false;
};

// Signals concern the whole process.
State* GetState() {
  static auto& state = *new State();
  return &state;
}

}  // namespace

OnInterrupt::OnInterrupt(std::function<void()> function)
    : function_(std::move(function)) {
  State* const state = GetState();
  absl::MutexLock lock(&state->mu);
  if (state->interrupted) function_();
  state->active.push_back(this);
}

OnInterrupt::~OnInterrupt() {
  State* const state = GetState();
  absl::MutexLock lock(&state->mu);
  const auto end = state->active.end();
  state->active.erase(std::remove(state->active.begin(), end, this), end);
}

void Interrupt() {
  State* const state = GetState();
  absl::MutexLock lock(&state->mu);
  if (std::exchange(state->interrupted, true)) return;
  for (auto it = state->active.rbegin(); it != state->active.rend(); ++it) {
    (*it)->function_();
  }
}

bool WasInterrupted() {
  State* const state = GetState();
  absl::MutexLock lock(&state->mu);
  return state->interrupted;
}

void ForgetInterruption() {
  State* const state = GetState();
  absl::MutexLock lock(&state->mu);
  state->interrupted = false;
}

}  // namespace dissectd::cli
