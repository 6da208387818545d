// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_DISPLAY_FILTER_H_
#define CORE_EPAN_DISPLAY_FILTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/epan/handles.h"

namespace dissectd {

// Compiles a display filter. An empty one gives null, which passes every frame.
//
// Never asks a name server, even if the session resolves network addresses:
// a filter may come from anyone. Errors: INVALID_ARGUMENT
// (DISPLAY_FILTER_INVALID) with libwireshark's message, and the position where
// libwireshark gives one.
absl::StatusOr<DisplayFilterPtr> CompileDisplayFilter(const std::string& text);

}  // namespace dissectd

#endif  // CORE_EPAN_DISPLAY_FILTER_H_
