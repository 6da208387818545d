// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_FILE_QUEUE_H_
#define SERVER_RPC_FILE_QUEUE_H_

#include <asio/thread_pool.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/base/fair_queue.h"
#include "server/base/io_loop.h"
#include "server/metrics/queue_waits.h"
#include "server/rpc/call.h"

namespace dissectd::server {

// Runs on a pool what calls do with files, which may block. Callers take turns,
// so that one with many calls doesn't hold up the others. Thread-safe.
class FileQueue {
 public:
  // The number of threads that the pool should have.
  static constexpr size_t kThreads = 4;

  // One step of a call. Gets OK on a thread of the pool, or the reason, on any
  // thread, why nothing is to be done and the call has to end.
  using Step = absl::AnyInvocable<void(const absl::Status& turn)>;

  // Nothing is owned; all outlives the steps.
  FileQueue(asio::thread_pool* pool, IoLoop* loop)
      : pool_(pool), loop_(loop), waiting_({kThreads, kThreadsPerCaller}) {}
  FileQueue(const FileQueue&) = delete;
  FileQueue& operator=(const FileQueue&) = delete;

  // Runs the first step of a call in its turn. A call that is abandoned before
  // isn't begun. Keeps the call alive meanwhile. Errors of the turn:
  // TOO_MANY_FILE_CALLS, those of CallContext::CancelledStatus.
  void Begin(std::shared_ptr<Call> call, Step step) ABSL_LOCKS_EXCLUDED(mutex_);

  // Runs a later step of a call in its turn, even if the call is abandoned. The
  // turn is OK. A call has at most one step that waits.
  void Continue(std::shared_ptr<Call> call, Step step)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The numbers of steps that wait, and that run.
  size_t waiting() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return waiting_.size();
  }
  size_t running() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return waiting_.used();
  }

 private:
  // The rest is for other callers.
  static constexpr size_t kThreadsPerCaller = 2;

  struct Waiting {
    std::shared_ptr<Call> call;
    bool is_first;
    Step step;
    metrics::Wait wait = {};
  };
  using Queue = FairQueue<Waiting>;

  std::vector<Queue::Turn> TakeTurns() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Start(std::vector<Queue::Turn> turns);
  void Run(Waiting waiting);
  void OnDone(const std::string& caller) ABSL_LOCKS_EXCLUDED(mutex_);

  asio::thread_pool* const pool_;
  IoLoop* const loop_;
  absl::Mutex mutex_;
  Queue waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_FILE_QUEUE_H_
