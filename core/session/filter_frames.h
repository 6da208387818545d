// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FILTER_FRAMES_H_
#define CORE_SESSION_FILTER_FRAMES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers ipc::Query::kFilterFrames. Errors: those of CompileDisplayFilter;
// FAILED_PRECONDITION if a frame can't be read.
absl::Status FilterFrames(const QueryContext& context,
                          absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FILTER_FRAMES_H_
