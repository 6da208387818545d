// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_CRASH_RECOVERY_H_
#define SERVER_DISSECTION_CRASH_RECOVERY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/ipc/protocol.h"
#include "server/engine/worker.h"

namespace dissectd::server {

// Knows what the workers of a call have sent and at which frames they crashed,
// so that another worker can continue the stream without those frames.
class CrashRecovery {
 public:
  // `max_crashes` is the number of crashes after which a call goes on.
  // `keep_frames` says whether workers send the frames that they leave out.
  explicit CrashRecovery(uint32_t max_crashes = 0, bool keep_frames = false)
      : max_crashes_(max_crashes), keep_frames_(keep_frames) {}

  uint32_t max_crashes() const { return max_crashes_; }

  // Counts a crash that was found elsewhere, and leaves out its frame.
  void LeaveOut(const ipc::KnownCrash& frame) {
    ++crash_count_;
    frames_.push_back(frame);
  }
  // The frames to leave out.
  const std::vector<ipc::KnownCrash>& frames() const { return frames_; }

  // Call this after each message, with its MessageHeader.last_frame.
  void AddMessage(uint32_t last_frame);

  // Counts a crash. Returns whether another worker may continue. If so, it
  // leaves out the frame that was being dissected, unless that was already
  // sent; such a frame is only left out if it crashes a second worker in
  // succession. After a crash before the first frame, only one other worker may
  // try.
  bool MayContinueAfter(const WorkerOutcome& outcome);

  // Returns what comes before the DissectRequest in the request of the next
  // worker.
  std::string StartOfRequest() const;

 private:
  uint32_t max_crashes_;
  bool keep_frames_;
  uint32_t crash_count_ = 0;
  // The frames to leave out.
  std::vector<ipc::KnownCrash> frames_;
  bool header_sent_ = false;
  uint32_t last_frame_ = 0;
  ipc::PassPosition reported_ = {};
  // Whether a message has come since the last crash.
  bool has_progressed_ = false;
  bool crashed_before_first_frame_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_CRASH_RECOVERY_H_
