// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_CRASH_MESSAGE_H_
#define SERVER_ENGINE_CRASH_MESSAGE_H_

#include <grpcpp/support/byte_buffer.h>

#include "server/engine/worker.h"

namespace dissectd::server {

// Logs that a worker crashed while it dissected. Returns the message for the
// client that precedes the error: a serialised DissectResponse.
grpc::ByteBuffer CrashMessage(const WorkerOutcome& outcome);

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_CRASH_MESSAGE_H_
