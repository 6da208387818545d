// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_CONTEXT_H_
#define SERVER_RPC_CALL_CONTEXT_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/metrics/events.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// How long a call may take.
struct CallTimeLimits {
  // The time that a client has to read a message; 0: no limit.
  std::chrono::seconds reader_timeout{0};
  // The time that a call has if it doesn't follow something live; 0: no limit.
  std::chrono::seconds max_call_time{0};
  // The time that a client has to send the next bytes of what it captures; 0:
  // no limit.
  std::chrono::seconds sender_timeout{0};
};

// The daemon's state of a call from its admission to its end: the caller, its
// permit, and its traffic. Made by Admission; owned by the Call.
// Thread-compatible, except for the methods that say that any thread may call
// them.
class CallContext {
 public:
  // A limit of time that a call has exceeded.
  enum class Overdue { kNone, kReader, kSender, kCall };

  // Ends the call as INTERNAL if nothing else has ended it.
  ~CallContext();
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  const CallInfo& info() const { return info_; }
  const Principal& principal() const { return info_.principal; }

  // Returns the permit for one worker process, which the owner keeps until the
  // process has ended. A method's handler calls this once. Fails only if the
  // method's WorkerUse is kOnDemand. Errors: TOO_MANY_WORKERS,
  // TOO_MANY_WORKERS_OF_CALLER.
  absl::StatusOr<WorkerLimit::Permit> TakeWorkerPermit();

  // Notes a resource that the call is about, for the observers: its name, or
  // `interfaces/` and the name of an interface. Called before the call ends.
  void AddResource(std::string name);

  // Notes how the call has changed the readers of its resource. Called before
  // the call ends.
  void NoteReaders(ReadersChange change) { readers_ = std::move(change); }

  void CountReceived(size_t bytes) {
    metrics::Count(metrics::Event::kMessageReceived);
    metrics::Count(metrics::Event::kBytesReceived, bytes);
    ++traffic_.messages_received;
    traffic_.bytes_received += bytes;
  }
  void CountSent(size_t bytes) {
    metrics::Count(metrics::Event::kMessageSent);
    metrics::Count(metrics::Event::kBytesSent, bytes);
    ++traffic_.messages_sent;
    traffic_.bytes_sent += bytes;
  }

  const CallTimeLimits& time_limits() const { return *time_limits_; }

  // Records that the client has gone. Called from any thread.
  void SetClientGone() { client_gone_ = true; }
  bool is_client_gone() const { return client_gone_; }

  // Whether nobody waits for the call any more: the client has gone, the
  // deadline has passed, or the call is overdue. Called from any thread.
  bool is_abandoned() const;

  // Records that the call has exceeded a limit of time, which was `limit`.
  // Called from any thread.
  void SetOverdue(Overdue overdue, std::chrono::seconds limit) {
    exceeded_ = limit;
    overdue_ = overdue;
  }

  // Makes gRPC give up what it is sending, and tell the client the status of an
  // overdue call, without its details. The reactor then finds the call
  // cancelled, and must still finish it. Has no effect after the call's end.
  // Called from any thread.
  void BreakOff() ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether End wasn't called. Called from any thread.
  bool is_open() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the status of a call that is abandoned: READER_TOO_SLOW,
  // SENDER_TOO_SLOW or CALL_TOO_LONG if it is overdue, DEADLINE_EXCEEDED if its
  // deadline has passed, otherwise CANCELLED.
  absl::Status CancelledStatus() const;

  // Notifies the observers. Only the first call has an effect.
  void End(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Clock = std::chrono::steady_clock;
  friend class Admission;

  // What Admission shares between calls. Not owned; outlives them.
  struct Shared {
    WorkerLimit* workers;
    const CallTimeLimits* time_limits;
    const std::vector<CallObserver*>* observers;
  };

  CallContext(CallInfo info, grpc::CallbackServerContext* server_context,
              const Shared& shared)
      : info_(std::move(info)),
        start_(Clock::now()),
        deadline_(start_ + (info_.deadline - std::chrono::system_clock::now())),
        workers_(shared.workers),
        time_limits_(shared.time_limits),
        observers_(shared.observers),
        server_context_(server_context) {}

  const CallInfo info_;
  const Clock::time_point start_;
  // When the call's deadline passes, whatever becomes of the system's time.
  const Clock::time_point deadline_;
  WorkerLimit* const workers_;
  const CallTimeLimits* const time_limits_;
  const std::vector<CallObserver*>* const observers_;
  CallTracker::Token token_;
  WorkerLimit::Permit permit_;
  CallTraffic traffic_;
  std::vector<std::string> resources_;
  ReadersChange readers_;
  std::atomic<bool> client_gone_{false};
  std::atomic<Overdue> overdue_{Overdue::kNone};
  // The limit of time that was exceeded.
  std::atomic<std::chrono::seconds> exceeded_{std::chrono::seconds(0)};
  mutable absl::Mutex mutex_;
  // Null after the call's end, when gRPC destroys it.
  grpc::CallbackServerContext* server_context_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_CONTEXT_H_
