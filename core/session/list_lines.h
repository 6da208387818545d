// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LIST_LINES_H_
#define CORE_SESSION_LIST_LINES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers ipc::Query::kListLines. Errors: those of FilterFrames; without a
// filter also those of columns.
absl::Status ListLines(const QueryContext& context, absl::string_view request,
                       SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_LIST_LINES_H_
