// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FIND_FRAME_H_
#define CORE_SESSION_FIND_FRAME_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers ipc::Query::kFindFrame. Errors: those of SessionCapture::Show, and
// INVALID_ARGUMENT (SEARCH_MISSING).
absl::Status FindFrame(const QueryContext& context, absl::string_view request,
                       SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FIND_FRAME_H_
