// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_TAP_DATA_H_
#define CORE_EPAN_TAP_DATA_H_

// libwireshark's headers of what taps hand over, and of the tables and lists
// that are made of it.

#include "core/epan/wireshark.h"
// This header doesn't say that its functions are those of C. It comes before
// the headers that include it too.
extern "C" {
#include <epan/dissectors/packet-tls-utils.h>
}
// The header of libwireshark comes before these.
#include <epan/charsets.h>
#include <epan/color_filters.h>
#include <epan/conversation_table.h>
#include <epan/dissectors/packet-camel.h>
#include <epan/dissectors/packet-dcerpc.h>
#include <epan/dissectors/packet-diameter.h>
#include <epan/dissectors/packet-gsm_a_common.h>
#include <epan/dissectors/packet-http.h>
#include <epan/dissectors/packet-iax2.h>
#include <epan/dissectors/packet-icmp.h>
#include <epan/dissectors/packet-mac-lte.h>
#include <epan/dissectors/packet-rlc-lte.h>
#include <epan/dissectors/packet-rpc.h>
#include <epan/dissectors/packet-rtp.h>
#include <epan/dissectors/packet-rtsp.h>
#include <epan/dissectors/packet-sctp.h>
#include <epan/dissectors/packet-sip.h>
#include <epan/dissectors/packet-sv.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-wsp.h>
#include <epan/export_object.h>
#include <epan/follow.h>
#include <epan/maxmind_db.h>
#include <epan/rtd_table.h>
#include <epan/rtp_pt.h>
#include <epan/srt_table.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/stats_tree_priv.h>
#include <epan/timestats.h>
#include <epan/to_str.h>
#include <wsutil/str_util.h>

#include "core/epan/missing_headers/packet-mac-3gpp-common.h"
#include "core/epan/missing_headers/packet-rlc-3gpp-common.h"

namespace dissectd::engine {

// Wireshark 4.4 counts 5G NR together with LTE, in taps and reports of other
// names than 4.0, and counts bad frames without their reasons.
#if WIRESHARK_VERSION_MINOR == 0
inline constexpr bool kCountsNr = false;
using MacTapInfo = mac_lte_tap_info;
inline constexpr char kMacTap[] = "mac-lte";
inline constexpr char kMacReport[] = "mac-lte,stat";
using RlcTapInfo = rlc_lte_tap_info;
inline constexpr char kRlcTap[] = "rlc-lte";
inline constexpr char kRlcReport[] = "rlc-lte,stat";
inline const nstime_t& TimeOf(const MacTapInfo& info) {
  return info.mac_lte_time;
}
inline const nstime_t& TimeOf(const RlcTapInfo& info) {
  return info.rlc_lte_time;
}
template <typename Info>
bool IsNr(const Info&) {
  return false;
}
#else
inline constexpr bool kCountsNr = true;
using MacTapInfo = mac_3gpp_tap_info;
inline constexpr char kMacTap[] = "mac-3gpp";
inline constexpr char kMacReport[] = "mac-3gpp,stat";
using RlcTapInfo = rlc_3gpp_tap_info;
inline constexpr char kRlcTap[] = "rlc-3gpp";
inline constexpr char kRlcReport[] = "rlc-3gpp,stat";
inline const nstime_t& TimeOf(const MacTapInfo& info) { return info.mac_time; }
inline const nstime_t& TimeOf(const RlcTapInfo& info) { return info.rlc_time; }
inline bool IsNr(const MacTapInfo& info) { return info.rat == MAC_RAT_NR; }
inline bool IsNr(const RlcTapInfo& info) { return info.rat == RLC_RAT_NR; }
#endif

// Returns the name of a radio access technology.
inline const char* RadioName(bool is_nr) { return is_nr ? "NR" : "LTE"; }

}  // namespace dissectd::engine

#endif  // CORE_EPAN_TAP_DATA_H_
