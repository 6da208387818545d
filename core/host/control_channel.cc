// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/host/control_channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/ipc/control_packet.h"

namespace dissectd {
namespace {

std::vector<int> PassedFds(msghdr* header) {
  std::vector<int> fds;
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control != nullptr;
       control = CMSG_NXTHDR(header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    fds.resize((control->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(fds.data(), CMSG_DATA(control), fds.size() * sizeof(int));
  }
  return fds;
}

}  // namespace

absl::StatusOr<std::optional<ControlChannel::Received>>
ControlChannel::Receive() {
  Received received;
  iovec part = {&received.message, sizeof(received.message)};
  alignas(
      cmsghdr) char control[CMSG_SPACE(ipc::kStartSessionFds * sizeof(int))];
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof(control);
  ssize_t size;
  do {
    size = recvmsg(fd_, &header, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size == 0 || (size < 0 && errno == ECONNRESET)) {
    return std::optional<Received>();
  }
  if (size < 0) {
    return absl::InternalError(
        absl::StrCat("receiving from dissectd: ", std::strerror(errno)));
  }
  received.fds = PassedFds(&header);
  if (size != sizeof(received.message)) {
    for (const int fd : received.fds) close(fd);
    return absl::InternalError("a control message has a wrong size");
  }
  return std::optional<Received>(std::move(received));
}

absl::Status ControlChannel::Send(const ipc::ControlMessage& message) {
  // That dissectd has gone is for Receive to say.
  if (ipc::SendControlPacket(fd_, message) || errno == EPIPE) {
    return absl::OkStatus();
  }
  return absl::InternalError(
      absl::StrCat("sending to dissectd: ", std::strerror(errno)));
}

}  // namespace dissectd
