// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STOP_CONDITIONS_H_
#define SERVER_CAPTURE_STOP_CONDITIONS_H_

#include <chrono>
#include <cstdint>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// The extent of a capture when dumpcap ended.
struct CaptureExtent {
  uint64_t packets = 0;
  // Files that were opened, including those that a ring has deleted.
  uint64_t files = 0;
  // The size of the last file.
  uint64_t file_size_bytes = 0;
  std::chrono::nanoseconds duration = {};
};

// Returns whether dumpcap ended by itself because of one of the capture's stop
// conditions, or because a pipe that it read from was closed. If not, somebody
// else has ended it: dumpcap exits with status 0 on SIGINT and SIGTERM.
bool HasMetStopCondition(const v1::CaptureOptions& options,
                         const CaptureExtent& extent);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STOP_CONDITIONS_H_
