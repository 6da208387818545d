// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_DISPLAYED_DELTA_H_
#define CORE_DISSECTION_DISPLAYED_DELTA_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Makes frame.time_delta_displayed in the tree of `frame` what it would be if
// `previous`, null for none, had been the displayed frame before. The tree may
// be null.
void SetDisplayedDelta(proto_tree* tree, const frame_data& frame,
                       const frame_data* previous);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_DISPLAYED_DELTA_H_
