// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_
#define SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_

#include <cstddef>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Adds counts to others, protocol by protocol.
void AddCounts(const v1::CaptureCounts& added, v1::CaptureCounts* counts);

// Leaves only the `top` protocols with the most packets and the `top` with the
// most bytes; sorts them, those with the most packets first.
void KeepTopProtocols(size_t top, v1::CaptureCounts* counts);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STATISTICS_TOP_PROTOCOLS_H_
