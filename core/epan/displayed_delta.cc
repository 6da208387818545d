// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/displayed_delta.h"

#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

nstime_t DeltaBetween(const frame_data* previous, const frame_data& frame) {
  nstime_t delta = NSTIME_INIT_ZERO;
  if (previous != nullptr) {
    nstime_delta(&delta, &frame.abs_ts, &previous->abs_ts);
  }
  return delta;
}

}  // namespace

void SetDisplayedDelta(proto_tree* tree, const frame_data& frame,
                       const frame_data* previous) {
  static const header_field_info* const kField =
      proto_registrar_get_byname("frame.time_delta_displayed");
  if (tree == nullptr || kField == nullptr) return;
  const nstime_t delta = DeltaBetween(previous, frame);
  // The nodes of the frame's comments may come before its own.
  for (const proto_node* layer = tree->first_child; layer != nullptr;
       layer = layer->next) {
    if (PNODE_FINFO(layer)->hfinfo->id != kField->parent) continue;
    for (const proto_node* node = layer->first_child; node != nullptr;
         node = node->next) {
      field_info* info = PNODE_FINFO(node);
      // The label is made from the value when someone asks for it.
      if (info->hfinfo == kField) SetTime(MutableValueOf(info), delta);
    }
  }
}

}  // namespace dissectd::engine
