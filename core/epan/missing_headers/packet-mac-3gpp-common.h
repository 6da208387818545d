// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_MISSING_HEADERS_PACKET_MAC_3GPP_COMMON_H_
#define CORE_EPAN_MISSING_HEADERS_PACKET_MAC_3GPP_COMMON_H_

// Wireshark 4.4's header about MAC of LTE includes a header of this name, which
// Debian doesn't install. This declares what the tap "mac-3gpp" hands over, in
// the layout of libwireshark 4.4. Its names are libwireshark's.

#include <wsutil/nstime.h>

#include <cstdint>

// Values of `rat`.
#define MAC_RAT_LTE 0
#define MAC_RAT_NR 1

// The number of logical channels that are counted.
#define MAC_3GPP_DATA_LCID_COUNT_MAX 33

// NOLINTBEGIN(readability-identifier-naming)
struct mac_3gpp_tap_info {
  // The radio access technology.
  uint8_t rat;

  uint16_t rnti;
  uint16_t ueid;
  uint8_t rntiType;
  uint8_t isPredefinedData;
  bool crcStatusValid;
  // For LTE one of mac_lte_crc_status.
  int crcStatus;
  uint8_t direction;
  uint8_t isPHYRetx;
  uint16_t ueInTTI;
  nstime_t mac_time;

  // Set for predefined data and for channels without logical channels.
  uint32_t single_number_of_bytes;
  uint32_t bytes_for_lcid[MAC_3GPP_DATA_LCID_COUNT_MAX];
  uint32_t sdus_for_lcid[MAC_3GPP_DATA_LCID_COUNT_MAX];
  uint8_t number_of_rars;
  uint8_t number_of_paging_ids;

  uint16_t padding_bytes;
  uint16_t raw_length;
};
// NOLINTEND(readability-identifier-naming)

#endif  // CORE_EPAN_MISSING_HEADERS_PACKET_MAC_3GPP_COMMON_H_
