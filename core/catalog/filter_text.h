// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_FILTER_TEXT_H_
#define CORE_CATALOG_FILTER_TEXT_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd {

// libwireshark takes longer the longer a filter is, and not in proportion: some
// of this length take seconds. Its parser has a stack of its own, so that
// nesting ends with an error.
inline constexpr size_t kMaxFilterBytes = 65'536;

// Errors: INVALID_ARGUMENT (FILTER_TOO_LONG).
absl::Status CheckFilterLength(const std::string& filter);

}  // namespace dissectd

#endif  // CORE_CATALOG_FILTER_TEXT_H_
