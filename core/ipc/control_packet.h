// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_CONTROL_PACKET_H_
#define CORE_IPC_CONTROL_PACKET_H_

#include "absl/types/span.h"
#include "core/ipc/protocol.h"

namespace dissectd::ipc {

// Sends a packet of the control channel with copies of up to kStartWorkerFds
// descriptors. `flags` are sendmsg's. Returns false with errno set if it can't
// be sent.
bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds = {}, int flags = 0);

}  // namespace dissectd::ipc

#endif  // CORE_IPC_CONTROL_PACKET_H_
