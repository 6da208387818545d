// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/control_packet.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace dissectd::ipc {

bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds, int flags) {
  iovec part = {const_cast<ControlMessage*>(&message), sizeof(message)};
  alignas(
      cmsghdr) char control[CMSG_SPACE(sizeof(int) * kStartSessionFds)] = {};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!fds.empty()) {
    const size_t size = sizeof(int) * fds.size();
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(size);
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(rights), fds.data(), size);
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &header, MSG_NOSIGNAL | flags);
  } while (sent < 0 && errno == EINTR);
  return sent == sizeof(message);
}

}  // namespace dissectd::ipc
