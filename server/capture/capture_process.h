// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_PROCESS_H_
#define SERVER_CAPTURE_CAPTURE_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/dumpcap/sync_pipe.h"

namespace dissectd::server {

// The dumpcap of a capture: a child of the daemon, or of a capture-keeper. Used
// on the loop's thread only.
class CaptureProcess {
 public:
  struct End {
    // waitpid's status; 0 if nobody knows it.
    int wait_status = 0;
    // How long it ran, and when it ended; absent if that is now.
    std::optional<std::chrono::nanoseconds> duration = {};
    std::optional<std::chrono::nanoseconds> time_since_1970 = {};
    // Whether it was told to end because no daemon was there.
    bool abandoned = false;
  };
  struct Handlers {
    // Called once, first, with the process id, unless it is known from the
    // beginning.
    absl::AnyInvocable<void(pid_t pid)> on_start;
    // Called with messages as they arrive. Errors: DATA_LOSS for something that
    // isn't a message.
    absl::AnyInvocable<void(absl::StatusOr<std::vector<SyncMessage>> messages)>
        on_messages;
    // Called instead of all others if dumpcap couldn't be started.
    absl::AnyInvocable<void(const absl::Status& status)> on_not_started;
    // Called when another process, with this id, wanted to take over dumpcap,
    // and was refused.
    absl::AnyInvocable<void(pid_t pid)> on_refused;
    // Called when nothing is known of dumpcap any more, which must be told to
    // end.
    absl::AnyInvocable<void()> on_lost;
    // Called once, last.
    absl::AnyInvocable<void(const End& end)> on_end;
  };

  virtual ~CaptureProcess() = default;
  CaptureProcess(const CaptureProcess&) = delete;
  CaptureProcess& operator=(const CaptureProcess&) = delete;

  // Sends a signal unless dumpcap has ended.
  virtual void Signal(int signal) = 0;

 protected:
  CaptureProcess() = default;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_PROCESS_H_
