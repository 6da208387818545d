// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FRAME_LINKS_H_
#define CORE_SESSION_FRAME_LINKS_H_

#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Returns the fields whose values are numbers of frames. Takes milliseconds
// when it is called first; forks of the process then know them.
const std::vector<int>& FrameNumberFields();

// Appends the frames that a dissected frame refers to, and the streams that it
// belongs to, to a serialised dissectd.v1.GetFrameResponse.
void AppendReferences(epan_dissect_t* edt, std::string* response);
void AppendStreams(epan_dissect_t* edt, std::string* response);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FRAME_LINKS_H_
