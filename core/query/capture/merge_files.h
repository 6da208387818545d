// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_MERGE_FILES_H_
#define CORE_QUERY_CAPTURE_MERGE_FILES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers ExportService.MergeFiles: merges the context's inputs, whose names
// are those in the request, to its output. The last input is an empty file to
// use on the way. The response has no file. Changes
// the state of the process, which can't answer another query.
absl::Status MergeFiles(const QueryContext& context, absl::string_view request,
                        SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_MERGE_FILES_H_
