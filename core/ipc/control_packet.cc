// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/control_packet.h"

#include "core/ipc/descriptors.h"

namespace dissectd::ipc {

bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds, int flags) {
  return SendWithDescriptors(
      socket, {reinterpret_cast<const char*>(&message), sizeof(message)}, fds,
      flags);
}

}  // namespace dissectd::ipc
