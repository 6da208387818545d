// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_TAP_DATA_H_
#define CORE_EPAN_TAP_DATA_H_

// libwireshark's headers of what taps hand over, and of the tables and lists
// that are made of it.

#include "core/epan/wireshark.h"
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
#include <epan/dissectors/packet-tls-utils.h>
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

#endif  // CORE_EPAN_TAP_DATA_H_
