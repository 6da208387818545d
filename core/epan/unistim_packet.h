// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_UNISTIM_PACKET_H_
#define CORE_EPAN_UNISTIM_PACKET_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What the tap `unistim` hands over. Debian doesn't install the header that
// declares it. The structure is that of Wireshark 4.0 and 4.4, with the members
// that are used and those before them.
struct UnistimPacket {
  guint8 packet_type;
  guint8 payload_type;
  guint32 sequence;
  guint32 terminal;
  address source;
  guint32 source_port;
  address destination;
  // -1 if the packet doesn't tell them.
  gint key;
  gint key_action;
  // 1 if the handset is lifted.
  gint hook;
  // 1 for an opened stream, 0 for a closed one.
  gint stream;
};

// The payload types of packets about calls.
inline constexpr guint8 kUnistimCommands = 1;
inline constexpr guint8 kUnistimCommandsOfTerminal = 2;

}  // namespace dissectd::engine

#endif  // CORE_EPAN_UNISTIM_PACKET_H_
