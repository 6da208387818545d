// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/worker_channel.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/log_line.h"

namespace dissectd {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

absl::Status ErrnoStatus(absl::string_view action) {
  if (errno == EPIPE || errno == ECONNRESET) {
    return absl::CancelledError("dissectd closed the worker's channel");
  }
  return absl::InternalError(absl::StrCat(action, ": ", std::strerror(errno)));
}

// Removes the first `size` bytes of `parts`.
void Consume(std::vector<iovec>* parts, size_t* first, size_t size) {
  while (size > 0) {
    iovec& part = (*parts)[*first];
    if (size < part.iov_len) {
      part.iov_base = static_cast<char*>(part.iov_base) + size;
      part.iov_len -= size;
      return;
    }
    size -= part.iov_len;
    ++*first;
  }
}

}  // namespace

absl::Status UnexpectedMessage() {
  return absl::InternalError("an unexpected message came from dissectd");
}

absl::StatusOr<WorkerChannel::Message> WorkerChannel::Receive(
    ipc::MessageType type) {
  ASSIGN_OR_RETURN(Message message, Receive());
  if (message.type != type) return UnexpectedMessage();
  return message;
}

absl::StatusOr<WorkerChannel::Message> WorkerChannel::Receive() {
  while (true) {
    ASSIGN_OR_RETURN(Message message, ReceiveNext());
    if (message.type != ipc::MessageType::kLogIds) return message;
    ipc::SetLogIds(message.payload);
  }
}

absl::StatusOr<WorkerChannel::Message> WorkerChannel::ReceiveNext() {
  if (!waiting_.empty()) {
    Message message = std::move(waiting_.front());
    waiting_.pop_front();
    return message;
  }
  ipc::MessageHeader header;
  std::vector<int> fds;
  RETURN_IF_ERROR(
      ReceiveExactly(reinterpret_cast<char*>(&header), sizeof(header), &fds));
  if (header.length > ipc::kMaxMessagePayload) {
    return absl::InternalError("a message on the worker's channel is too long");
  }
  Message message;
  message.type = header.type;
  message.request_id = header.request_id;
  RETURN_IF_ERROR(ReceivePayload(header.length, &message.payload, &fds));
  message.descriptors = std::move(fds);
  return message;
}

absl::Status WorkerChannel::ReceivePayload(size_t size, std::string* payload,
                                           std::vector<int>* fds) {
  // The memory grows with what has come, whatever the length claims.
  while (payload->size() < size) {
    const size_t begin = payload->size();
    payload->resize(std::min(size, begin + kPieceBytes));
    RETURN_IF_ERROR(
        ReceiveExactly(&(*payload)[begin], payload->size() - begin, fds));
  }
  return absl::OkStatus();
}

absl::Status WorkerChannel::ReceiveExactly(char* out, size_t size,
                                           std::vector<int>* fds) {
  while (size > 0) {
    const ssize_t received = ipc::ReceiveWithDescriptors(fd_, out, size, fds);
    if (received < 0) return ErrnoStatus("receiving from dissectd");
    if (received == 0) {
      return absl::CancelledError("dissectd closed the worker's channel");
    }
    out += received;
    size -= static_cast<size_t>(received);
  }
  return absl::OkStatus();
}

absl::Status WorkerChannel::Send(ipc::MessageType type,
                                 absl::Span<const absl::string_view> pieces) {
  return Send(type, request_, pieces);
}

absl::Status WorkerChannel::Send(ipc::MessageType type, ipc::RequestId request,
                                 absl::Span<const absl::string_view> pieces) {
  ipc::MessageHeader header = {};
  header.type = type;
  header.request_id = request;
  return Send(header, pieces);
}

absl::Status WorkerChannel::SendFrames(
    absl::Span<const absl::string_view> pieces, uint32_t last_frame) {
  ipc::MessageHeader header = {};
  header.type = ipc::MessageType::kMessage;
  header.request_id = request_;
  header.last_frame = last_frame;
  return Send(header, pieces);
}

absl::Status WorkerChannel::Send(ipc::MessageHeader header,
                                 absl::Span<const absl::string_view> pieces) {
  size_t length = 0;
  std::vector<iovec> parts = {{&header, sizeof(header)}};
  for (const absl::string_view piece : pieces) {
    if (piece.empty()) continue;
    length += piece.size();
    parts.push_back({const_cast<char*>(piece.data()), piece.size()});
  }
  if (length > ipc::kMaxMessagePayload) {
    return absl::InternalError("a message is too large to be sent");
  }
  header.length = static_cast<uint32_t>(length);
  size_t left = sizeof(header) + length;
  size_t first = 0;
  while (left > 0) {
    msghdr message = {};
    message.msg_iov = &parts[first];
    message.msg_iovlen = parts.size() - first;
    const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return ErrnoStatus("sending to dissectd");
    left -= static_cast<size_t>(sent);
    Consume(&parts, &first, static_cast<size_t>(sent));
  }
  return absl::OkStatus();
}

}  // namespace dissectd
