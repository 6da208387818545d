// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/control_channel.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/ipc/control_packet.h"
#include "core/ipc/descriptors.h"

namespace dissectd::engine {
absl::StatusOr<std::optional<ControlChannel::Received>>
ControlChannel::Receive() {
  Received received;
  const ssize_t size = ipc::ReceiveWithDescriptors(
      fd_, &received.message, sizeof(received.message), &received.fds);
  if (size == 0 || (size < 0 && errno == ECONNRESET)) {
    return std::optional<Received>();
  }
  if (size < 0) {
    return absl::InternalError(
        absl::StrCat("receiving from dissectd: ", std::strerror(errno)));
  }
  const absl::Status checked =
      ipc::CheckControlPacket(received.message, static_cast<size_t>(size));
  if (!checked.ok()) {
    for (const int fd : received.fds) close(fd);
    return checked;
  }
  return std::optional<Received>(std::move(received));
}

absl::Status ControlChannel::Send(const ipc::ControlMessage& message) {
  // Ignores that dissectd has gone, which Receive reports. The connection
  // counts as reset if dissectd had not read everything by then.
  if (ipc::SendControlPacket(fd_, message) || errno == EPIPE ||
      errno == ECONNRESET) {
    return absl::OkStatus();
  }
  return absl::InternalError(
      absl::StrCat("sending to dissectd: ", std::strerror(errno)));
}

}  // namespace dissectd::engine
