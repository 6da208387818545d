// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_LOG_H_
#define SERVER_RPC_CALL_LOG_H_

#include <string>

#include "server/rpc/call_observer.h"
#include "server/rpc/caller_lines.h"

namespace dissectd::server {

// Writes one line to the log for each call: at level info if it failed,
// otherwise at level debug. It leaves out lines of a caller with many calls
// that fail within a second, and a later line says how many. Thread-safe.
class CallLog final : public CallObserver {
 public:
  void OnCallEnded(const CallEnd& end) override;

  // Writes how many lines were left out until now.
  void Flush();

 private:
  CallerLines lines_;
};

// Returns the line: the method, the status with the error's reason, the
// duration, the caller or why it isn't known, the call's ids, and counts. It
// has no contents of messages, which may be packets.
std::string CallLogLine(const CallEnd& end);

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_LOG_H_
