// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/frame_questions.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/session/selection_bytes.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

using AfterCrash = SessionQuery::AfterCrash;
using Bitmap = FilterBitmaps::Bitmap;

absl::StatusOr<SessionQuery> FrameQuery(const v1::GetFrameRequest& request,
                                        const v1::Session& facts,
                                        const Bitmap& bitmap) {
  const uint32_t frame = request.frame_number();
  if (frame == 0 || frame > facts.frames()) {
    return errors::FrameNotFound(frame, facts.frames());
  }
  v1::GetFrameResponse neighbours;
  if (bitmap != nullptr) {
    neighbours.set_previous_displayed_frame(bitmap->Previous(frame));
    neighbours.set_next_displayed_frame(bitmap->Next(frame));
  } else {
    neighbours.set_previous_displayed_frame(frame - 1);
    if (frame < facts.frames()) neighbours.set_next_displayed_frame(frame + 1);
  }
  SessionQuery query = {};
  query.kind = ipc::Query::kGetFrame;
  query.after_crash = AfterCrash::kRepeat;
  query.request =
      absl::StrCat(SelectionBytes(bitmap, {}), request.SerializeAsString());
  query.first_frame = frame;
  query.added = neighbours.SerializeAsString();
  query.likely_again = true;
  return query;
}

// Returns SessionQuery::progress_field.
uint32_t ProgressField(ipc::Query kind) {
  switch (kind) {
    case ipc::Query::kRunStatistics:
      return v1::RunStatisticsResponse::kProgressFieldNumber;
    case ipc::Query::kListExportObjects:
      return v1::ListExportObjectsResponse::kProgressFieldNumber;
    case ipc::Query::kReadExportObjects:
      return v1::ReadExportObjectsResponse::kProgressFieldNumber;
    default:
      return 0;
  }
}

}  // namespace

QuestionPlan PlanOf(const v1::GetFrameRequest& request) {
  QuestionPlan plan;
  plan.filters = {FilterOf(request.view())};
  plan.make_query = [request](const QuestionState& state) {
    return FrameQuery(request, state.facts(), state.bitmaps[0]);
  };
  return plan;
}

QuestionPlan PlanOf(const v1::DissectRequest& request) {
  QuestionPlan plan;
  plan.make_query =
      [request](const QuestionState&) -> absl::StatusOr<SessionQuery> {
    if (request.has_options() || !request.read_format().empty()) {
      return errors::OptionsUnexpected();
    }
    const v1::View& view = request.view();
    v1::DissectRequest asked = request;
    asked.clear_source();
    SessionQuery query = {};
    query.kind = ipc::Query::kDissectSession;
    query.after_crash = AfterCrash::kContinue;
    query.request = asked.SerializeAsString();
    // Other views depend on how many frames were displayed before.
    if (FilterOf(view).empty() && view.range().limit() == 0) {
      query.first_frame = view.range().first_frame();
    }
    return query;
  };
  plan.in_line = false;
  return plan;
}

QuestionPlan PlanOfAnalysis(ipc::Query kind, std::string request) {
  QuestionPlan plan;
  plan.make_query = [kind, request = std::move(request)](
                        const QuestionState&) -> absl::StatusOr<SessionQuery> {
    SessionQuery query = {};
    query.kind = kind;
    query.after_crash = AfterCrash::kRepeat;
    query.progress_field = ProgressField(kind);
    query.request = request;
    return query;
  };
  plan.in_line = false;
  return plan;
}

}  // namespace dissectd::server
