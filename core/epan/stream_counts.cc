// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/stream_counts.h"

#include "core/epan/wireshark.h"
// After the header above, which they need.
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-udp.h>

namespace dissectd {

uint64_t NumberedStreams() {
  return uint64_t{get_tcp_stream_count()} + get_udp_stream_count();
}

}  // namespace dissectd
