// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TESTING_RECORDING_OBSERVER_H_
#define SERVER_RPC_TESTING_RECORDING_OBSERVER_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

// The end of a call as an observer saw it.
struct EndedCall {
  std::string method;
  absl::StatusCode code;
  std::string reason;
  CallInfo call;
  CallTraffic traffic;
  absl::Duration duration;
};

class RecordingObserver final : public CallObserver {
 public:
  void OnCallEnded(const CallEnd& end) override {
    absl::MutexLock lock(&mutex_);
    ended_.push_back({end.call.method->name, end.status.code(),
                      FailureOf(end.status).reason(), end.call, end.traffic,
                      end.duration});
  }

  // Waits until `count` calls have ended, and returns all ended calls.
  std::vector<EndedCall> Await(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return ended_.size() >= count;
    };
    EXPECT_TRUE(
        mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30)))
        << "a call doesn't end";
    return ended_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<EndedCall> ended_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_TESTING_RECORDING_OBSERVER_H_
