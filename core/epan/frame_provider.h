// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FRAME_PROVIDER_H_
#define CORE_EPAN_FRAME_PROVIDER_H_

#include "core/epan/handles.h"

// What libwireshark asks back about the frames of a capture while it dissects
// one of them. The name is libwireshark's: it leaves the type for its users to
// define.
struct packet_provider_data {
  // Not owned; outlives this.
  wtap* file = nullptr;
  // The reference frame for relative times, and the frames before the current
  // one; null before there are any.
  const frame_data* reference = nullptr;
  const frame_data* previous_displayed = nullptr;
  const frame_data* previous_captured = nullptr;
  // Every frame kept so far. Null in a single pass, which keeps none. Not
  // owned; outlives this.
  frame_data_sequence* frames = nullptr;
};

namespace dissectd {

// Opens a dissection session of libwireshark over `provider`, which must
// outlive it.
EpanPtr NewEpan(packet_provider_data* provider);

}  // namespace dissectd

#endif  // CORE_EPAN_FRAME_PROVIDER_H_
