// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_DISPLAY_FILTER_H_
#define CORE_EPAN_DISPLAY_FILTER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/error.h"
#include "core/epan/handles.h"

namespace dissectd::engine {

// Why a display filter isn't valid.
struct DisplayFilterProblem {
  // libwireshark's.
  std::string message;
  // In the expanded text, where libwireshark gives a position.
  std::optional<TextSpan> span;
};

// A display filter, compiled or not.
struct DisplayFilterResult {
  // With the macros that it uses; as it is given, if one of them is wrong.
  std::string expanded;
  // Null for an empty filter, which passes every frame, and for a wrong one.
  DisplayFilterPtr filter;
  // Absent if it is valid.
  std::optional<DisplayFilterProblem> problem;
};

// Compiles a display filter as tshark does: first its macros, then the rest.
//
// Never asks a name server, even if the worker resolves network addresses:
// a filter may come from anyone.
DisplayFilterResult TryDisplayFilter(const std::string& text);

// The same where the filter has to be valid. An empty one gives null. Errors:
// INVALID_ARGUMENT (DISPLAY_FILTER_INVALID) with libwireshark's message, and
// the position where libwireshark gives one.
absl::StatusOr<DisplayFilterPtr> CompileDisplayFilter(const std::string& text);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DISPLAY_FILTER_H_
