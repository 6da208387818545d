// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_WORKER_CHANNEL_H_
#define CORE_IPC_WORKER_CHANNEL_H_

#include <cstdint>
#include <deque>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/ipc/protocol.h"

namespace dissectd {

// Returns the error with which a worker ends if dissectd violates the protocol.
absl::Status UnexpectedMessage();

// The worker's end of the socket to dissectd. Blocks in both directions, so
// that a slow client slows the dissection down.
class WorkerChannel {
 public:
  struct Message {
    ipc::MessageType type;
    ipc::RequestId request_id = 0;
    std::string payload;
    // The descriptors that came with the message. The receiver must close them.
    std::vector<int> descriptors;

    // Returns the only descriptor; -1 if none came.
    int descriptor() const {
      return descriptors.empty() ? -1 : descriptors.front();
    }
  };

  // The caller keeps owning `fd`.
  explicit WorkerChannel(int fd) : fd_(fd) {}

  int fd() const { return fd_; }

  // Makes Receive return messages before those that dissectd sends.
  void ReceiveFirst(std::vector<Message> messages) {
    waiting_.assign(std::make_move_iterator(messages.begin()),
                    std::make_move_iterator(messages.end()));
  }

  // Sets the request to which messages belong that are sent from now on.
  void set_request(ipc::RequestId request) { request_ = request; }

  // Applies each kLogIds to this process's log, and returns the message after
  // it. Errors: CANCELLED if the other end is closed, INTERNAL.
  absl::StatusOr<Message> Receive();

  // Receives a message that must be of this type. Errors: also those of
  // UnexpectedMessage.
  absl::StatusOr<Message> Receive(ipc::MessageType type);

  // Sends one message whose payload is the concatenated pieces. Errors:
  // CANCELLED if the other end is closed, INTERNAL.
  absl::Status Send(ipc::MessageType type,
                    absl::Span<const absl::string_view> pieces);

  // Sends a kMessage with the frames up to this one. Errors: as Send.
  absl::Status SendFrames(absl::Span<const absl::string_view> pieces,
                          uint32_t last_frame);

  // Sends a message about another request.
  absl::Status Send(ipc::MessageType type, ipc::RequestId request,
                    absl::Span<const absl::string_view> pieces);

 private:
  // Completes the header with the length of the pieces.
  absl::Status Send(ipc::MessageHeader header,
                    absl::Span<const absl::string_view> pieces);
  absl::StatusOr<Message> ReceiveNext();
  absl::Status ReceivePayload(size_t size, std::string* payload,
                              std::vector<int>* fds);
  absl::Status ReceiveExactly(char* out, size_t size, std::vector<int>* fds);

  int fd_;
  ipc::RequestId request_ = 0;
  std::deque<Message> waiting_;
};

}  // namespace dissectd

#endif  // CORE_IPC_WORKER_CHANNEL_H_
