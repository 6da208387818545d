// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/record_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace dissectd::server {
namespace {

// The room for one descriptor beside a message.
union Control {
  char bytes[CMSG_SPACE(sizeof(int))];
  cmsghdr aligned;
};

void Attach(int descriptor, Control* control, msghdr* message) {
  message->msg_control = control->bytes;
  message->msg_controllen = sizeof(control->bytes);
  cmsghdr* header = CMSG_FIRSTHDR(message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
}

UniqueFd DescriptorIn(msghdr* message) {
  cmsghdr* header = CMSG_FIRSTHDR(message);
  if (header == nullptr || header->cmsg_level != SOL_SOCKET ||
      header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof(int))) {
    return UniqueFd();
  }
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
  return UniqueFd(descriptor);
}

std::optional<ucred> PeerOf(int socket) {
  ucred peer = {};
  socklen_t size = sizeof(peer);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return std::nullopt;
  }
  return peer;
}

}  // namespace

SendResult SendRecord(int socket, const KeeperRecord& record, int descriptor) {
  std::string bytes = EncodeRecord(record);
  iovec part = {bytes.data(), bytes.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control = {};
  if (descriptor >= 0) Attach(descriptor, &control, &message);
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return SendResult::kSent;
  return errno == EAGAIN ? SendResult::kFull : SendResult::kGone;
}

absl::StatusOr<KeeperRecord> ReceiveRecord(int socket, UniqueFd* descriptor) {
  std::array<char, kMaxRecordBytes> bytes;
  iovec part = {bytes.data(), bytes.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control = {};
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  ssize_t size = 0;
  // If the other side has gone without reading all, the kernel says so once,
  // before it gives what that has sent.
  do {
    size = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  if (size < 0 && errno == EAGAIN) {
    return absl::UnavailableError("There is no record yet.");
  }
  if (size <= 0) return absl::CancelledError("The other side has gone.");
  UniqueFd received = DescriptorIn(&message);
  if (descriptor != nullptr) *descriptor = std::move(received);
  std::optional<KeeperRecord> record =
      DecodeRecord({bytes.data(), static_cast<size_t>(size)});
  if (!record.has_value() || (message.msg_flags & MSG_TRUNC) != 0) {
    return absl::DataLossError("That isn't a record.");
  }
  return *std::move(record);
}

bool IsOwnUser(int socket) {
  const std::optional<ucred> peer = PeerOf(socket);
  return peer.has_value() && (peer->uid == geteuid() || peer->uid == 0);
}

pid_t ProcessAtOtherEnd(int socket) {
  const std::optional<ucred> peer = PeerOf(socket);
  return peer.has_value() ? peer->pid : 0;
}

UniqueFd AcceptOwnUser(int listener) {
  UniqueFd connection(
      accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (connection.valid() && IsOwnUser(connection.get())) return connection;
  return UniqueFd();
}

}  // namespace dissectd::server
