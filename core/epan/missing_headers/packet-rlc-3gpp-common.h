// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_MISSING_HEADERS_PACKET_RLC_3GPP_COMMON_H_
#define CORE_EPAN_MISSING_HEADERS_PACKET_RLC_3GPP_COMMON_H_

// Declares what the tap "rlc-3gpp" of Wireshark 4.4 hands over, in the layout
// of libwireshark 4.4. Debian doesn't install Wireshark's header of this name.
// The names are libwireshark's.

#include <wsutil/nstime.h>

#include <cstdint>

// Values of `rat`.
#define RLC_RAT_LTE 0
#define RLC_RAT_NR 1

// NOLINTBEGIN(readability-identifier-naming)
struct rlc_3gpp_tap_info {
  // The radio access technology.
  uint8_t rat;

  uint8_t rlcMode;
  uint8_t direction;
  uint8_t priority;
  uint16_t ueid;
  uint16_t channelType;
  uint16_t channelId;
  uint16_t pduLength;
  uint8_t sequenceNumberLength;

  nstime_t rlc_time;
  uint8_t loggedInMACFrame;

  bool sequenceNumberGiven;
  uint32_t sequenceNumber;
  uint8_t isResegmented;
  uint8_t isControlPDU;
  uint32_t ACKNo;
  uint16_t noOfNACKs;
  uint32_t NACKs[512];

  uint16_t missingSNs;
};
// NOLINTEND(readability-identifier-naming)

#endif  // CORE_EPAN_MISSING_HEADERS_PACKET_RLC_3GPP_COMMON_H_
