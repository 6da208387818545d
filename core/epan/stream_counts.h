// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_STREAM_COUNTS_H_
#define CORE_EPAN_STREAM_COUNTS_H_

#include <cstdint>

namespace dissectd {

// Conversations of TCP and UDP that have a stream index. Dissection gives such
// numbers in turn: where a second pass still does, frames depend on those
// before them.
uint64_t NumberedStreams();

}  // namespace dissectd

#endif  // CORE_EPAN_STREAM_COUNTS_H_
