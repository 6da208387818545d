// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_CONTROL_PACKET_H_
#define CORE_IPC_CONTROL_PACKET_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/ipc/protocol.h"

namespace dissectd::ipc {

// Returns a message with this build's version and nothing else set.
ControlMessage MakeControlMessage(ControlKind kind, uint64_t worker_id = 0);

// Checks the first `size` bytes of `message`, which came from the other
// program. Errors: INTERNAL if the other program comes from another build, with
// a message that names both versions, or if the size is wrong.
absl::Status CheckControlPacket(const ControlMessage& message, size_t size);

// Writes or reads ControlMessage::engine. Ids that are too long are cut.
void SetEngine(absl::string_view id, ControlMessage* message);
std::string EngineOf(const ControlMessage& message);

// Sends a packet of the control channel with copies of up to kStartWorkerFds
// descriptors. `flags` are sendmsg's. Returns false with errno set if it can't
// be sent.
bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds = {}, int flags = 0);

}  // namespace dissectd::ipc

#endif  // CORE_IPC_CONTROL_PACKET_H_
