// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FRAME_CAPTURE_H_
#define CORE_ENCODE_FRAME_CAPTURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/handles.h"

namespace dissectd::engine {

// Returns a capture file in pcapng format with this record only, and with the
// comment. It has neither the names nor the secrets of the capture. Returns an
// empty string if the record is no packet, or if pcapng has no link-layer type
// for it that needs only its bytes.
std::string CaptureOfFrame(Record* record, absl::string_view comment);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FRAME_CAPTURE_H_
