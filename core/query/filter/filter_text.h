// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_TEXT_H_
#define CORE_QUERY_FILTER_FILTER_TEXT_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// libwireshark takes longer the longer a filter is, and not in proportion: some
// of this length take seconds. Its parser has a stack of its own, so that
// nesting ends with an error.
inline constexpr size_t kMaxFilterBytes = 65'536;

// Errors: INVALID_ARGUMENT (FILTER_TOO_LONG).
absl::Status CheckFilterLength(const std::string& filter);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_TEXT_H_
