// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_RECORD_LIST_H_
#define CORE_QUERY_CAPTURE_RECORD_LIST_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers FileService.ReadRecords. Errors: those of CaptureFile::Open,
// REQUEST_MALFORMED.
absl::Status ReadRecords(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_RECORD_LIST_H_
