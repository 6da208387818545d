// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/frame_range.h"

#include <protozero/pbf_message.hpp>

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/dissection.proto.
enum class RangeTag : protozero::pbf_tag_type { kFirst = 1, kLast, kLimit };

}  // namespace

FrameRange ReadFrameRange(absl::string_view bytes) {
  FrameRange range;
  protozero::pbf_message<RangeTag> message(
      protozero::data_view(bytes.data(), bytes.size()));
  while (message.next()) {
    switch (message.tag()) {
      case RangeTag::kFirst:
        range.first = message.get_uint32();
        break;
      case RangeTag::kLast:
        range.last = message.get_uint32();
        break;
      case RangeTag::kLimit:
        range.limit = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return range;
}

}  // namespace dissectd::engine
