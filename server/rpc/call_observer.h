// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_OBSERVER_H_
#define SERVER_RPC_CALL_OBSERVER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/principal.h"
#include "server/rpc/method.h"
#include "server/rpc/trace_context.h"

namespace dissectd::server {

// Who calls what, as known when the call begins.
struct CallInfo {
  // Not owned; outlives the call.
  const Method* method = nullptr;
  Principal principal;
  // gRPC's text of the client's address, for example `ipv4:192.0.2.1:50000`.
  std::string peer;
  // Suitable for log lines; see RequestIdFrom.
  std::string request_id;
  std::optional<TraceContext> trace;
  // Far in the future if the client set none.
  std::chrono::system_clock::time_point deadline;
};

// The messages of a call, and the bytes that they have serialised.
struct CallTraffic {
  uint64_t messages_received = 0;
  uint64_t bytes_received = 0;
  uint64_t messages_sent = 0;
  uint64_t bytes_sent = 0;
};

// A call that is over.
struct CallEnd {
  const CallInfo& call;
  // What the client was told, unless it had gone: then CANCELLED, or
  // DEADLINE_EXCEEDED if its deadline had passed.
  const absl::Status& status;
  absl::Duration duration;
  CallTraffic traffic;
};

// Hears of the end of every call, whether it was refused, finished, failed or
// cancelled.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // Called once for each call, from any thread, also from several at a time.
  // Must not block.
  virtual void OnCallEnded(const CallEnd& end) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_OBSERVER_H_
