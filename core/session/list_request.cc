// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/list_request.h"

#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"
#include "core/session/session_view.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {

absl::StatusOr<ListRequest> ParseListRequest(absl::string_view bytes) {
  ListRequest request;
  TextOrBytes filter;
  std::string columns;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListFramesRequest>(
      "ListFramesRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::ListFramesRequest::kDisplayFilter:
            filter.ReadText(message);
            break;
          case schema::ListFramesRequest::kRawDisplayFilter:
            filter.ReadBytes(message);
            break;
          case schema::ListFramesRequest::kColumns:
            columns = message->get_bytes();
            break;
          case schema::ListFramesRequest::kSortColumn:
            request.sort_column = message->get_uint32();
            break;
          case schema::ListFramesRequest::kDescending:
            request.descending = GetBool(message);
            break;
          case schema::ListFramesRequest::kColors:
            request.colors = GetBool(message);
            break;
          case schema::ListFramesRequest::kRange: {
            const protozero::data_view range = message->get_view();
            request.range = ReadFrameRange({range.data(), range.size()});
            break;
          }
          default:
            message->skip();
        }
      }));
  RETURN_IF_ERROR(CheckUnlimitedRange(request.range));
  request.display_filter = filter.value();
  ASSIGN_OR_RETURN(request.columns, ParseColumns(columns));
  if (request.columns.columns.empty()) {
    request.columns.use_profile_columns = true;
  }
  return request;
}

}  // namespace dissectd::engine
