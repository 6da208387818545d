// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_CONTROL_CHANNEL_H_
#define CORE_ENGINE_CONTROL_CHANNEL_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// dissectd-engine's end of the control channel.
class ControlChannel {
 public:
  struct Received {
    ipc::ControlMessage message = {};
    // Close-on-exec; the receiver must close them.
    std::vector<int> fds;
  };

  // The caller keeps owning `fd`.
  explicit ControlChannel(int fd) : fd_(fd) {}

  int fd() const { return fd_; }

  // Waits for a message. None if dissectd has closed its end. Errors: INTERNAL.
  absl::StatusOr<std::optional<Received>> Receive();

  // Does nothing if dissectd has closed its end. Errors: INTERNAL.
  absl::Status Send(const ipc::ControlMessage& message);

 private:
  int fd_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENGINE_CONTROL_CHANNEL_H_
