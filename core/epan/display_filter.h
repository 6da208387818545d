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
  // libwireshark's explanation.
  std::string message;
  // The position in the expanded text as valid UTF-8, if libwireshark gives
  // one.
  std::optional<TextSpan> span;
};

// A display filter, compiled or not.
struct DisplayFilterResult {
  // The filter's text with its macros expanded; the original text if a macro is
  // wrong.
  std::string expanded;
  // Null for an empty filter, which all frames pass, and for one that isn't
  // valid.
  DisplayFilterPtr filter;
  // Absent if the filter is valid.
  std::optional<DisplayFilterProblem> problem;
};

// Compiles a display filter as tshark does: first its macros, then the rest.
//
// Never asks a name server, even if the worker resolves network addresses:
// a filter may come from anyone.
DisplayFilterResult TryDisplayFilter(const std::string& text);

// Compiles a display filter that has to be valid. Returns null for an empty
// one. Errors: INVALID_ARGUMENT (DISPLAY_FILTER_INVALID) with libwireshark's
// message and, if libwireshark gives one, the position.
absl::StatusOr<DisplayFilterPtr> CompileDisplayFilter(const std::string& text);

// Returns whether a valid filter looks at the colouring rules that frames
// match, which libwireshark knows only of frames that are dissected with
// colours.
bool LooksAtColors(const std::string& text);

// Tells libwireshark what the filter, which may be null, needs of the next
// frame.
inline void PrimeFilter(dfilter_t* filter, epan_dissect_t* edt) {
  if (filter != nullptr) epan_dissect_prime_with_dfilter(edt, filter);
}

// Returns whether the frame that `edt` has dissected passes the filter, which
// may be null.
inline bool PassesFilter(dfilter_t* filter, epan_dissect_t* edt) {
  return filter == nullptr || dfilter_apply_edt(filter, edt);
}

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DISPLAY_FILTER_H_
