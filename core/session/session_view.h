// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SESSION_VIEW_H_
#define CORE_SESSION_SESSION_VIEW_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/columns.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Parses a serialised dissectd.v1.View, as that of a request with default
// options. Errors: those of ParseDissectRequest.
absl::StatusOr<DissectRequest> ParseView(absl::string_view view);

// Parses a serialised dissectd.v1.ColumnSelection. Errors: as above.
absl::StatusOr<ColumnSelection> ParseColumns(absl::string_view columns);

// Makes the columns of a view in a process that answers only one question. Null
// if the view has none. Errors: those of SetColumnFormat.
absl::StatusOr<std::unique_ptr<ColumnSet>> MakeColumns(
    const ColumnSelection& selection);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_SESSION_VIEW_H_
