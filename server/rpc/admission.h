// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_ADMISSION_H_
#define SERVER_RPC_ADMISSION_H_

#include <grpcpp/server_context.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/principal.h"
#include "server/rpc/access_control.h"
#include "server/rpc/authenticator.h"
#include "server/rpc/call_context.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/call_rate.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/method.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The entrance of every call: identifies the caller, checks the daemon's
// limits, and notifies the observers of the call's end. Only RpcService uses
// it. Thread-safe.
class Admission {
 public:
  // What one caller may have at most. By default, all that there is.
  struct Share {
    uint32_t max_calls = std::numeric_limits<uint32_t>::max();
    uint32_t max_workers = std::numeric_limits<uint32_t>::max();
    // The limit of calls that begin within a second; 0: no limit.
    uint32_t calls_per_second = 0;
  };
  struct Options {
    // The limit of concurrent calls.
    uint32_t max_calls = 0;
    // The limit of concurrent worker processes.
    uint32_t max_workers = 0;
    // Null if callers aren't identified. Not owned; outlives this.
    const Authenticator* authenticator = nullptr;
    // Null if callers may call everything. Not owned; outlives this.
    const AccessControl* access = nullptr;
    // Not owned; outlive this. Called in this order.
    std::vector<CallObserver*> observers;
    Share share;
    CallTimeLimits time_limits;
  };

  // A call, and whether it is admitted. A refused call has a context too, for
  // the observers.
  struct Entry {
    std::unique_ptr<CallContext> context;
    absl::Status status;
  };

  explicit Admission(Options options)
      : workers_(options.max_workers, options.share.max_workers),
        tracker_(options.max_calls, options.share.max_calls),
        rate_(options.share.calls_per_second),
        time_limits_(options.time_limits),
        authenticator_(options.authenticator),
        access_(options.access),
        observers_(std::move(options.observers)) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Starts a call, and sends the client its request id in the initial metadata.
  // `method` outlives the call. Errors: UNAUTHENTICATED, PERMISSION_MISSING,
  // SERVER_STOPPING, TOO_MANY_CALLS, TOO_MANY_CALLS_OF_CALLER,
  // CALL_RATE_EXCEEDED, TOO_MANY_WORKERS, TOO_MANY_WORKERS_OF_CALLER.
  Entry Admit(grpc::CallbackServerContext* server_context,
              const Method& method);

  // The numbers of calls that run, and of worker processes that they have.
  uint32_t running_calls() { return tracker_.running(); }
  uint32_t running_workers() { return workers_.taken(); }

  // Refuses calls from now on, and waits until running ones have ended, at most
  // for `timeout`.
  void CloseAndWait(std::chrono::seconds timeout) {
    tracker_.CloseAndWait(timeout);
  }

 private:
  // Fills in the principal, whom the daemon may fail to identify. A call whose
  // caller isn't known counts for the rate of its host.
  absl::Status Identify(const grpc::CallbackServerContext& server_context,
                        CallInfo* info);
  absl::StatusOr<Principal> Authenticate(
      const grpc::CallbackServerContext& server_context,
      const CallInfo& info) const;
  absl::Status Admit(CallContext* context);

  WorkerLimit workers_;
  CallTracker tracker_;
  CallRate rate_;
  const CallTimeLimits time_limits_;
  const Authenticator* const authenticator_;
  const AccessControl* const access_;
  const std::vector<CallObserver*> observers_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_ADMISSION_H_
