// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/control_packet.h"

#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::ipc {

bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds, int flags) {
  return SendWithDescriptors(socket, BytesOf(message), fds, flags);
}

}  // namespace dissectd::ipc
