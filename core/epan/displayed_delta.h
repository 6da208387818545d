// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_DISPLAYED_DELTA_H_
#define CORE_EPAN_DISPLAYED_DELTA_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Sets frame.time_delta_displayed in the tree of `frame` to the value that it
// has if `previous` is the displayed frame before it. `previous` is null if
// there is none. The tree may be null too.
void SetDisplayedDelta(proto_tree* tree, const frame_data& frame,
                       const frame_data* previous);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DISPLAYED_DELTA_H_
