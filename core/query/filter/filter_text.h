// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_TEXT_H_
#define CORE_QUERY_FILTER_FILTER_TEXT_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// The limit of a filter's length. The time to compile a filter grows faster
// than its length: some filters of this length take seconds. Deep nesting needs
// no limit here, as the parser has its own.
inline constexpr size_t kMaxFilterBytes = 65'536;

// Errors: INVALID_ARGUMENT (FILTER_TOO_LONG).
absl::Status CheckFilterLength(const std::string& filter);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_TEXT_H_
