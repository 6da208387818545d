// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_NOTES_H_
#define SERVER_CAPTURE_CAPTURE_NOTES_H_

#include <chrono>
#include <string>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// What the daemon has to know of a running capture, and its journal doesn't
// say. capture-keeper has it for the next daemon.
struct CaptureNotes {
  // 0: the capture may be idle.
  std::chrono::nanoseconds idle_timeout{0};
  // Why the capture is being stopped.
  v1::StopReason stop_reason = v1::STOP_REASON_UNSPECIFIED;
  // Whether the daemon has left the capture to the next one.
  bool left = false;
  // The path of dumpcap.
  std::string dumpcap = {};
  // Whose share of captures it counts for: CallInfo's.
  std::string share_key = {};
};

std::string EncodeNotes(const CaptureNotes& notes);
// Takes what can't be read for the default.
CaptureNotes DecodeNotes(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_NOTES_H_
