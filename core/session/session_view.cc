// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/session_view.h"

#include <string>

#include "core/base/processor_time.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/encode/wire.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

absl::StatusOr<DissectRequest> ParseView(absl::string_view view) {
  std::string request;
  wire::AppendBytes(&request, schema::DissectRequest::kView, view);
  return ParseDissectRequest(request);
}

absl::StatusOr<ColumnSelection> ParseColumns(absl::string_view columns) {
  std::string view;
  wire::AppendBytes(&view, schema::View::kColumns, columns);
  ASSIGN_OR_RETURN(DissectRequest request, ParseView(view));
  return request.view.columns;
}

absl::StatusOr<std::unique_ptr<ColumnSet>> MakeColumns(
    const ColumnSelection& selection) {
  if (!selection.columns.empty()) {
    const ProcessorTimeBound time(kMaxPreparationTime);
    RETURN_IF_ERROR(SetColumnFormat(selection.columns));
  } else if (!selection.use_profile_columns) {
    return nullptr;
  }
  return std::make_unique<ColumnSet>();
}

}  // namespace dissectd::engine
