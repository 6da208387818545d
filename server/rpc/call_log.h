// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_LOG_H_
#define SERVER_RPC_CALL_LOG_H_

#include <string>

#include "server/rpc/call_observer.h"

namespace dissectd::server {

// Writes one line to the log for each call: at level info if it failed,
// otherwise at level debug. Thread-safe.
class CallLog final : public CallObserver {
 public:
  void OnCallEnded(const CallEnd& end) override;
};

// Returns the line: the method, the status with the error's reason, the
// duration, the caller, the call's ids, and counts. It has no contents of
// messages, which may be packets.
std::string CallLogLine(const CallEnd& end);

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_LOG_H_
