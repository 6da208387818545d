// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_OPEN_SESSION_H_
#define CORE_SESSION_OPEN_SESSION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"
#include "core/session/session_capture.h"

namespace dissectd::engine {

// Answers ipc::Query::kOpenSession: opens the capture of a session, but reads
// none of its frames. Errors: those of ApplySettings, CaptureFile::Open and
// CompileDisplayFilter.
absl::StatusOr<std::unique_ptr<SessionCapture>> OpenSession(
    const QueryContext& context, absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_OPEN_SESSION_H_
