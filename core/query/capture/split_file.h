// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_SPLIT_FILE_H_
#define CORE_QUERY_CAPTURE_SPLIT_FILE_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers ExportService.SplitFile: writes the files behind each other into the
// context's output, with its only input as another file to write to. The files
// of the response have only their names without folders, and their sizes.
// Changes the state of the process, which can't answer another query.
absl::Status SplitFile(const QueryContext& context, absl::string_view request,
                       SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_SPLIT_FILE_H_
