// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/descriptors.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace dissectd::ipc {
namespace {

constexpr size_t kControlBytes = CMSG_SPACE(sizeof(int) * kMaxDescriptors);

void AppendPassed(msghdr* header, std::vector<int>* fds) {
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control != nullptr;
       control = CMSG_NXTHDR(header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    fds->resize(fds->size() + count);
    std::memcpy(fds->data() + fds->size() - count, CMSG_DATA(control),
                count * sizeof(int));
  }
}

}  // namespace

ssize_t SendPartWithDescriptors(int socket, absl::string_view bytes,
                                absl::Span<const int> fds, int flags) {
  iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[kControlBytes] = {};
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
  return sent;
}

bool SendWithDescriptors(int socket, absl::string_view bytes,
                         absl::Span<const int> fds, int flags) {
  return SendPartWithDescriptors(socket, bytes, fds, flags) ==
         static_cast<ssize_t>(bytes.size());
}

ssize_t ReceiveWithDescriptors(int socket, void* bytes, size_t size,
                               std::vector<int>* fds) {
  iovec part = {bytes, size};
  alignas(cmsghdr) char control[kControlBytes];
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof(control);
  ssize_t received;
  do {
    received = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received >= 0) AppendPassed(&header, fds);
  return received;
}

}  // namespace dissectd::ipc
