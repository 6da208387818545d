// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_VOIP_TAP_DATA_H_
#define CORE_EPAN_VOIP_TAP_DATA_H_

// libwireshark's headers of what taps about calls hand over.

#include "core/epan/tap_data.h"
// The header of libwireshark comes before these.
#include <epan/dissectors/packet-actrace.h>
#include <epan/dissectors/packet-h225.h>
#include <epan/dissectors/packet-isup.h>
#include <epan/dissectors/packet-mgcp.h>
#include <epan/dissectors/packet-mtp3.h>
#include <epan/dissectors/packet-q931.h>
#include <epan/dissectors/packet-skinny.h>

#endif  // CORE_EPAN_VOIP_TAP_DATA_H_
