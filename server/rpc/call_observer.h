// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_OBSERVER_H_
#define SERVER_RPC_CALL_OBSERVER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/principal.h"
#include "server/rpc/method.h"
#include "server/rpc/trace_context.h"

namespace dissectd::server {

// The metadata key with which clients choose an engine for calls whose requests
// can't.
inline constexpr char kEngineKey[] = "x-dissectd-engine";

// Information about a call that is known at its beginning.
struct CallInfo {
  // Not owned; outlives the call.
  const Method* method = nullptr;
  Principal principal;
  // What shares of the daemon's limits are counted by: the principal, or the
  // client's host if the daemon doesn't identify its callers.
  std::string share_key;
  // The client's address as gRPC writes it, for example `ipv4:192.0.2.1:50000`.
  std::string peer;
  // Safe for log lines; see RequestIdFrom.
  std::string request_id;
  TraceContext trace;
  // The engine of the metadata; empty if the client chose none there.
  std::string engine;
  // Far in the future if the client set none.
  std::chrono::system_clock::time_point deadline;
};

// Returns the ids by which lines of logs are tied to the call:
// `request_id=ID trace_id=ID`.
inline std::string LogIdsOf(const CallInfo& call) {
  return absl::StrCat("request_id=", call.request_id,
                      " trace_id=", call.trace.trace_id);
}

// Returns the engine that a call chooses: the one of its options or, if there
// is none, that of its metadata. Empty: none.
inline const std::string& ChosenEngine(const CallInfo& call,
                                       const std::string& in_options) {
  return in_options.empty() ? call.engine : in_options;
}

// The numbers of messages of a call, and of their serialised bytes.
struct CallTraffic {
  uint64_t messages_received = 0;
  uint64_t bytes_received = 0;
  uint64_t messages_sent = 0;
  uint64_t bytes_sent = 0;
};

// What a call has changed about who may read its resource, as for
// NamesPrincipal.
struct ReadersChange {
  std::vector<std::string> added;
  std::vector<std::string> removed;
};

// The end of a call.
struct CallEnd {
  const CallInfo& call;
  // The status that the client got. If the client had gone: DEADLINE_EXCEEDED
  // if its deadline had passed, otherwise CANCELLED.
  const absl::Status& status;
  absl::Duration duration;
  CallTraffic traffic;
  // The resources that the call was about, as far as its handler got.
  std::vector<std::string> resources;
  ReadersChange readers = {};
};

// Notified of every call, whether it is refused, finished, fails or is
// cancelled.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // Called once for each call, before OnCallEnded. Must not block.
  virtual void OnCallBegun(const CallInfo&) {}

  // Called once for each call, from any thread, possibly from several at a
  // time. Must not block.
  virtual void OnCallEnded(const CallEnd& end) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_OBSERVER_H_
