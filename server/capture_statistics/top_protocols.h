// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_
#define SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_

#include <cstddef>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// What was counted after `before`, of which `now` is a later state.
v1::CaptureCounts CountsSince(const v1::CaptureCounts& before,
                              const v1::CaptureCounts& now);

// Leaves only the `top` protocols with the most packets, and those with the
// most bytes; the most packets first.
void KeepTopProtocols(size_t top, v1::CaptureCounts* counts);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_
