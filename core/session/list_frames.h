// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LIST_FRAMES_H_
#define CORE_SESSION_LIST_FRAMES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers ipc::Query::kListFrames. Errors: those of SessionCapture::SkipTo,
// SetColumnFormat and CompileDisplayFilter.
absl::Status ListFrames(const QueryContext& context, absl::string_view request,
                        SendResponse send);

// Answers ipc::Query::kSortFrames. Errors: as above, and INVALID_ARGUMENT
// (SORT_COLUMN_INVALID).
absl::Status SortFrames(const QueryContext& context, absl::string_view request,
                        SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_LIST_FRAMES_H_
