// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/handover.h"

#include <system_error>
#include <thread>

namespace dissectd::server {

Handover::~Handover() { AwaitAll(absl::InfiniteDuration()); }

void Handover::RunAndCount(const std::function<void()>& give) {
  give();
  const absl::MutexLock lock(&mutex_);
  --running_;
}

void Handover::Run(const std::function<void()>& give) {
  {
    const absl::MutexLock lock(&mutex_);
    ++running_;
  }
  try {
    std::thread([this, give] { RunAndCount(give); }).detach();
  } catch (const std::system_error&) {
    RunAndCount(give);
  }
}

void Handover::AwaitAll(absl::Duration timeout) {
  const absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &Handover::IsIdle), timeout);
}

}  // namespace dissectd::server
