// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_CONTEXT_H_
#define SERVER_RPC_CALL_CONTEXT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The daemon's state of a call from its admission to its end: the caller, its
// permit, and its traffic. Made by Admission; owned by the Call.
// Thread-compatible.
class CallContext {
 public:
  // Ends the call as INTERNAL if nothing else has ended it.
  ~CallContext();
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  const CallInfo& info() const { return info_; }
  const Principal& principal() const { return info_.principal; }

  // Returns the permit for one worker process, which the owner keeps until the
  // process has ended. A method's handler calls this once. Fails only if the
  // method's WorkerUse is kOnDemand. Errors: TOO_MANY_WORKERS.
  absl::StatusOr<WorkerLimit::Permit> TakeWorkerPermit();

  // Notes a resource that the call is about, for the observers: its name, or
  // `interfaces/` and the name of an interface. Called before the call ends.
  void AddResource(std::string name);

  void CountReceived(size_t bytes) {
    ++traffic_.messages_received;
    traffic_.bytes_received += bytes;
  }
  void CountSent(size_t bytes) {
    ++traffic_.messages_sent;
    traffic_.bytes_sent += bytes;
  }

  // Returns the status of a call whose client has gone: DEADLINE_EXCEEDED if
  // its deadline has passed, otherwise CANCELLED.
  absl::Status CancelledStatus() const;

  // Notifies the observers. Only the first call has an effect.
  void End(const absl::Status& status);

 private:
  friend class Admission;

  CallContext(CallInfo info, WorkerLimit* workers,
              const std::vector<CallObserver*>* observers)
      : info_(std::move(info)),
        start_(absl::Now()),
        workers_(workers),
        observers_(observers) {}

  const CallInfo info_;
  const absl::Time start_;
  // Not owned; both outlive this.
  WorkerLimit* const workers_;
  const std::vector<CallObserver*>* const observers_;
  CallTracker::Token token_;
  WorkerLimit::Permit permit_;
  CallTraffic traffic_;
  std::vector<std::string> resources_;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_CONTEXT_H_
