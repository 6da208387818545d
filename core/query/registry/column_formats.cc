// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/column_formats.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/cord.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/columns.h"
#include "core/query/public_text.h"
#include "core/request/dissect_request.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {}  // namespace

absl::Status ListColumnFormats(const QueryContext&, absl::string_view,
                               SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListColumnFormatsResponse> out(response);
  for (int format = 0; format < NUM_COL_FMTS; ++format) {
    std::string message;
    protozero::pbf_builder<schema::ColumnFormat> fields(message);
    fields.add_string(schema::ColumnFormat::kFormat,
                      PublicText(col_format_to_string(format)));
    fields.add_string(schema::ColumnFormat::kDescription,
                      PublicText(col_format_desc(format)));
    fields.add_uint32(schema::ColumnFormat::kFormatNumber,
                      static_cast<uint32_t>(format));
    out.add_message(schema::ListColumnFormatsResponse::kColumnFormats, message);
  }
  return send(response);
}

absl::Status ValidateColumn(const QueryContext&, absl::string_view request,
                            SendResponse send) {
  std::string column_bytes;
  RETURN_IF_ERROR(ReadRequestField(
      "ValidateColumnRequest", request, schema::ValidateColumnRequest::kColumn,
      [&](auto* message) { column_bytes = message->get_bytes(); }));
  ASSIGN_OR_RETURN(const ColumnSpec column, ParseColumn(column_bytes));
  const absl::Status status = CheckColumn(column);
  std::string response;
  protozero::pbf_builder<schema::ValidateColumnResponse> out(response);
  out.add_bool(schema::ValidateColumnResponse::kValid, status.ok());
  if (!status.ok()) {
    out.add_message(schema::ValidateColumnResponse::kFailure,
                    SerializeFailure(status));
  }
  return send(response);
}

}  // namespace dissectd::engine
