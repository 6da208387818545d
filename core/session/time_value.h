// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_TIME_VALUE_H_
#define CORE_SESSION_TIME_VALUE_H_

#include <protozero/pbf_builder.hpp>

#include "core/epan/wireshark.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {

// Adds the time of a frame as a dissectd.v1.TimeValue, unless it has none.
template <typename Message>
void AddTime(const frame_data& frame, Message field,
             protozero::pbf_builder<Message>* out) {
  if (frame.has_ts == 0) return;
  protozero::pbf_builder<schema::TimeValue> time(*out, field);
  time.add_sint64(schema::TimeValue::kSeconds, frame.abs_ts.secs);
  time.add_sint32(schema::TimeValue::kNanos, frame.abs_ts.nsecs);
}

}  // namespace dissectd::engine

#endif  // CORE_SESSION_TIME_VALUE_H_
