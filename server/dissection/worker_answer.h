// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_WORKER_ANSWER_H_
#define SERVER_DISSECTION_WORKER_ANSWER_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/dissection/crash_recovery.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/worker_limit.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

// The answer of a worker that serves one request: its messages, which a call
// forwards one at a time, so that a slow client slows down only its own worker.
// If the worker crashes, another one continues the answer without the frame
// that crashed it. Used on the loop's thread.
class WorkerAnswer : private Worker::Listener {
 public:
  struct Work {
    CaptureSource capture;
    // The request without the bytes of an inline capture.
    v1::DissectRequest request;
    // How often another worker continues after a crash. 0 if the capture can be
    // read only once.
    uint32_t max_crashes = 0;
    // Called with each frame that crashed a worker, as a capture file. Null if
    // nobody wants them.
    std::function<void(std::string capture)> keep_frame = nullptr;
    // What LogIdsOf returns of the call that is answered.
    std::string log_ids = {};
  };

  // `on_change` is called when there is another message, or the end.
  explicit WorkerAnswer(std::function<void()> on_change)
      : on_change_(std::move(on_change)) {}

  // Starts a worker. Nothing is owned; everything outlives this. Errors: those
  // of Worker::Start.
  absl::Status Start(IoLoop* loop, WorkerParent* engine, Work work,
                     WorkerLimit::Permit permit);
  bool started() const { return loop_ != nullptr; }

  // Ends the answer with an error, once the message that was read is taken.
  void Fail(const absl::Status& status) { status_ = status; }

  // Ends the worker, and drops the message that was read.
  void Cancel();

  // Reads one message ahead, unless there is one already.
  void Read();

  // Returns the next message; none if it hasn't been read yet, or at the end.
  std::optional<grpc::ByteBuffer> Take();

  // The status at the end, which comes after all messages are taken.
  const std::optional<absl::Status>& status() const { return status_; }

 private:
  // Starts the first worker, or one that replaces another.
  absl::Status StartWorker(WorkerLimit::Permit permit);
  // Returns the capture for a worker to read. Errors: WORKER_NOT_STARTED.
  absl::StatusOr<UniqueFd> CaptureForWorker();
  // Whether another worker continues after the crash.
  bool Continue(const WorkerOutcome& outcome);

  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;

  const std::function<void()> on_change_;
  // Null until the first worker is started.
  IoLoop* loop_ = nullptr;
  WorkerParent* engine_ = nullptr;
  CaptureSource capture_;
  // The serialised request.
  std::string request_;
  CrashRecovery recovery_;
  std::function<void(std::string capture)> keep_frame_;
  std::string log_ids_;
  std::unique_ptr<Worker> worker_;
  // The message that was read.
  std::optional<grpc::ByteBuffer> next_;
  // The message about a crash, which comes after all messages of the worker.
  std::optional<grpc::ByteBuffer> crash_;
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_WORKER_ANSWER_H_
