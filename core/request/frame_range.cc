// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/frame_range.h"

#include <protozero/pbf_message.hpp>

#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

FrameRange ReadFrameRange(absl::string_view bytes) {
  FrameRange range;
  protozero::pbf_message<schema::FrameRange> message(
      protozero::data_view(bytes.data(), bytes.size()));
  while (message.next()) {
    switch (message.tag()) {
      case schema::FrameRange::kFirstFrame:
        range.first = message.get_uint32();
        break;
      case schema::FrameRange::kLastFrame:
        range.last = message.get_uint32();
        break;
      case schema::FrameRange::kLimit:
        range.limit = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return range;
}

}  // namespace dissectd::engine
