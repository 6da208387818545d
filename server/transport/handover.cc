// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/handover.h"

#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace dissectd::server {

Handover::~Handover() { AwaitAll(absl::InfiniteDuration()); }

void Handover::RunAndCount(const std::function<void()>& give) {
  give();
  const absl::MutexLock lock(&mutex_);
  --running_;
}

void Handover::Run(std::function<void()> give) {
  {
    const absl::MutexLock lock(&mutex_);
    ++running_;
  }
  const auto shared =
      std::make_shared<const std::function<void()>>(std::move(give));
  try {
    std::thread([this, shared] { RunAndCount(*shared); }).detach();
  } catch (const std::system_error&) {
    RunAndCount(*shared);
  }
}

void Handover::AwaitAll(absl::Duration timeout) {
  const absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &Handover::IsIdle), timeout);
}

}  // namespace dissectd::server
