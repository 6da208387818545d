// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_READ_SESSION_H_
#define CORE_SESSION_READ_SESSION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/dissection/opened_capture.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.OpenSessionResponse with what is known of
// the frames that were read, or with the progress of reading them.
std::string FramesResponse(OpenedCapture* capture);
std::string ProgressResponse(const OpenedCapture& capture);

// Answers ipc::Query::kReadSession: reads and dissects all frames of the
// session's capture, as in the first of two passes, unless this is a fork of a
// process that has done so.
absl::Status ReadSession(const QueryContext& context, absl::string_view request,
                         SendResponse send);

// Answers ipc::Query::kKeptRecords.
absl::Status KeptRecords(const QueryContext& context, absl::string_view request,
                         SendResponse send);

// Answers ipc::Query::kSkipFrames. Errors: those of SessionCapture::SkipTo.
absl::Status SkipFrames(const QueryContext& context, absl::string_view request,
                        SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_READ_SESSION_H_
