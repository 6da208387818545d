// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_TESTING_FAKE_WORKERS_H_
#define SERVER_ENGINE_TESTING_FAKE_WORKERS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/testing/settle.h"
#include "server/base/unique_fd.h"
#include "server/engine/worker_parent.h"

namespace dissectd::server {

// The worker's end of a channel, for a test that plays the worker. Waits for at
// most some seconds, and then fails the test.
class FakeWorker {
 public:
  struct Message {
    ipc::MessageType type;
    ipc::RequestId request;
    std::string payload;
    std::vector<UniqueFd> fds;
  };

  FakeWorker() = default;
  explicit FakeWorker(UniqueFd channel) : channel_(std::move(channel)) {}

  // Returns the next message; none if the channel is closed.
  std::optional<Message> Receive();

  // Receives the message that makes a worker fork. Returns the fork and the
  // request.
  std::pair<FakeWorker, ipc::RequestId> ReceiveFork();

  void Send(ipc::MessageType type, ipc::RequestId request,
            absl::string_view payload);

  // Answers a query with an OK status.
  void SendOk(ipc::RequestId request);

  // Closes the channel, as the end of a process does.
  void Close() { channel_ = UniqueFd(); }

 private:
  bool ReceiveBytes(void* bytes, size_t size, std::vector<UniqueFd>* fds);

  UniqueFd channel_;
};

// An engine whose workers a test plays. The test's thread calls all methods
// that aren't overrides.
class FakeWorkers : public WorkerParent {
 public:
  // `loop` is not owned and outlives this.
  explicit FakeWorkers(IoLoop* loop) : loop_(loop) {}
  // Waits until the loop has told of all ends.
  ~FakeWorkers() override { Settle(loop_); }

  uint64_t StartWorker(WorkerStart start, EndedFn ended) override;
  void KillWorker(uint64_t id) override;

  // Waits until a worker is started, and returns it with its id.
  std::pair<FakeWorker, uint64_t> Next();

  // Reports that the worker's process has ended.
  void End(uint64_t id, const WorkerEnd& end);

  // Returns the number of workers that have been started.
  uint64_t started() const {
    absl::MutexLock lock(&mutex_);
    return last_id_;
  }

 private:
  IoLoop* const loop_;
  mutable absl::Mutex mutex_;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::pair<FakeWorker, uint64_t>> new_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, EndedFn> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_TESTING_FAKE_WORKERS_H_
