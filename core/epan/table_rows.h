// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_TABLE_ROWS_H_
#define CORE_EPAN_TABLE_ROWS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Returns whether libwireshark would add a row to a table of `columns` columns
// that lacks values. Its reader (epan/uat_load.l) does that with a line that
// ends after a comma, if an empty line follows. The code of many tables reads
// the missing values nevertheless: libwireshark, and therefore tshark, crashes.
// Rows that the reader refuses are none of this function's business.
bool HasShortRow(absl::string_view rows, size_t columns);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_TABLE_ROWS_H_
