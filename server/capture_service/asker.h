// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_ASKER_H_
#define SERVER_CAPTURE_SERVICE_ASKER_H_

#include "server/process/command_runner.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// Returns the asker of programs that run for a call. The context outlives them.
inline CommandRunner::Asker AskerOf(const CallContext& context) {
  return {context.info().share_key,
          [&context] { return context.is_abandoned(); }};
}

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_ASKER_H_
