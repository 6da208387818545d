// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WIRESHARK_H_
#define CORE_EPAN_WIRESHARK_H_

// libwireshark's and libwiretap's headers in an order that compiles: many of
// them do not include what they use, and <wireshark.h> must come first.
//
// Everything that these headers declare may call longjmp only inside
// libwireshark's own TRY blocks: between such a block and its THROW there must
// be no C++ frame with a destructor.

#include <wireshark.h>
// This header comes first after wireshark.h.
#include <epan/packet.h>
// All others are in alphabetical order.
#include <epan/addr_resolv.h>
#include <epan/column-info.h>
#include <epan/column-utils.h>
#include <epan/column.h>
#include <epan/decode_as.h>
#include <epan/dfilter/dfilter.h>
#include <epan/disabled_protos.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/ex-opt.h>
#include <epan/expert.h>
#include <epan/frame_data.h>
#include <epan/frame_data_sequence.h>
#include <epan/ftypes/ftypes.h>
#include <epan/oids.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/secrets.h>
#include <epan/tap.h>
#include <epan/timestamp.h>
#include <epan/tvbuff.h>
#include <epan/uat-int.h>
#include <epan/uat.h>
#include <wiretap/pcap-encap.h>
#include <wiretap/secrets-types.h>
#include <wiretap/wtap.h>
#include <wiretap/wtap_opttypes.h>
#include <ws_version.h>
#include <wsutil/buffer.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>
#include <wsutil/wslog.h>

#endif  // CORE_EPAN_WIRESHARK_H_
