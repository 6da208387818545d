// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOW_STREAM_H_
#define CORE_ANALYSIS_FOLLOW_STREAM_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers AnalysisService.FollowStream. Changes the state of the process, which
// can't answer another query.
absl::Status FollowStream(const QueryContext& context,
                          absl::string_view request, SendResponse send);

// Answers ipc::Query::kSelectStream in a fork of a session that has skipped any
// frames before the one of the request. Errors: those of SessionCapture::Show;
// NOT_FOUND (FRAME_NOT_IN_STREAM).
absl::Status SelectStream(const QueryContext& context,
                          absl::string_view request, SendResponse send);

// Answers ipc::Query::kFollowSelectedStream, as FollowStream does.
absl::Status FollowSelectedStream(const QueryContext& context,
                                  absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOW_STREAM_H_
