// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/find_frame.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/dissection/capture_view.h"
#include "core/epan/columns.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/ipc/worker_channel.h"
#include "core/request/frame_range.h"
#include "core/session/frame_search.h"
#include "core/session/frame_selection.h"
#include "core/session/session_capture.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

// A search, and where to search.
struct Question {
  FrameSelection selection;
  ipc::SearchedFrames searched = {};
  FrameSearch search;
};

absl::StatusOr<Question> ParseQuestion(absl::string_view request) {
  Question question;
  ASSIGN_OR_RETURN(question.selection, TakeSelection(&request));
  if (!ipc::TakeStruct(&request, &question.searched)) {
    return UnexpectedMessage();
  }
  ASSIGN_OR_RETURN(question.search, ParseFindFrameRequest(request));
  return question;
}

// Passes frames to the sink until it has found what is wanted.
absl::Status Search(const Question& question, SessionCapture* session,
                    ColumnSet* columns, SearchSink* sink) {
  FilteredHistory filtered(question.selection.bitmap, session->opened());
  const FrameRange& range = question.search.range;
  const bool is_filtered = !question.search.within_display_filter.empty();
  const uint32_t last =
      std::min(question.searched.last_frame, session->opened()->frames_kept());
  for (uint32_t frame = std::max(question.searched.first_frame, 1u);
       frame <= last; ++frame) {
    if (is_filtered && !filtered.Passes(frame)) continue;
    if (!range.HasNumber(frame) ||
        !range.HasTime(TimeOf(*session->opened()->FindFrame(frame)))) {
      continue;
    }
    RETURN_IF_ERROR(session->Show(
        frame, is_filtered ? &filtered.Before(frame) : nullptr, columns, sink));
    if (sink->found() != 0 && !question.search.backward) break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FindFrame(const QueryContext& context, absl::string_view request,
                       SendResponse send) {
  ASSIGN_OR_RETURN(const Question question, ParseQuestion(request));
  SearchSink sink(question.search);
  std::unique_ptr<ColumnSet> columns;
  if (sink.needs().columns) columns = std::make_unique<ColumnSet>();
  RETURN_IF_ERROR(Search(question, context.session, columns.get(), &sink));
  std::string response;
  protozero::pbf_builder<schema::FindFrameResponse>(response).add_uint32(
      schema::FindFrameResponse::kFrameNumber, sink.found());
  return send(response);
}

}  // namespace dissectd::engine
