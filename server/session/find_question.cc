// SPDX-License-Identifier: GPL-2.0-or-later

// How SessionService.FindFrame is answered.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "dissectd/v1/session.pb.h"
#include "server/engine/worker_socket.h"
#include "server/session/frame_questions.h"
#include "server/session/selection_bytes.h"

namespace dissectd::server {
namespace {

using Bitmap = FilterBitmaps::Bitmap;

// The indexes of the plan's filters.
enum FilterIndex : size_t { kWithin = 0, kTarget = 1 };

ipc::SearchedFrames SearchedFramesOf(const v1::FindFrameRequest& request,
                                     uint32_t frames) {
  const uint32_t after = request.after_frame();
  if (after == 0) return {1, frames};
  if (request.backward()) return {1, std::min(after - 1, frames)};
  // There is none after the last one.
  return {after < frames ? after + 1 : frames + 1, frames};
}

SessionQuery Found(uint32_t frame) {
  v1::FindFrameResponse found;
  found.set_frame_number(frame);
  SessionQuery query = {};
  query.response = found.SerializeAsString();
  return query;
}

// Returns the first frame that passes the filters; 0 if there is none.
uint32_t FirstIn(const FrameBitmap& target, const Bitmap& within,
                 const ipc::SearchedFrames& searched) {
  uint32_t frame = target.Next(searched.first_frame - 1);
  while (frame != 0 && within != nullptr && !within->Has(frame)) {
    frame = target.Next(frame);
  }
  return frame > searched.last_frame ? 0 : frame;
}

uint32_t LastIn(const FrameBitmap& target, const Bitmap& within,
                const ipc::SearchedFrames& searched) {
  uint32_t frame = target.Previous(searched.last_frame + 1);
  while (frame != 0 && within != nullptr && !within->Has(frame)) {
    frame = target.Previous(frame);
  }
  return frame < searched.first_frame ? 0 : frame;
}

// Returns the first or last of the frames, which are in order, that passes the
// filters; 0 if there is none.
uint32_t FoundAmong(std::vector<uint32_t> frames, const Bitmap& within,
                    const ipc::SearchedFrames& searched, bool backward) {
  if (backward) std::reverse(frames.begin(), frames.end());
  for (const uint32_t frame : frames) {
    if (frame >= searched.first_frame && frame <= searched.last_frame &&
        (within == nullptr || within->Has(frame))) {
      return frame;
    }
  }
  return 0;
}

// Searches for a filter in a range. Only a process of the session knows which
// frames are in a range of time.
SessionQuery RangeQuery(const v1::FindFrameRequest& request,
                        const QuestionState& state,
                        const ipc::SearchedFrames& searched) {
  v1::ListFramesRequest list;
  list.set_display_filter(request.display_filter());
  *list.mutable_range() = request.range();
  SessionQuery query = {};
  query.kind = ipc::Query::kSortFrames;
  query.request = absl::StrCat(SelectionBytes(state.bitmaps[kTarget], {}),
                               list.SerializeAsString());
  query.next = [request, searched](
                   const QuestionState& next_state,
                   const std::vector<grpc::ByteBuffer>& responses)
      -> absl::StatusOr<SessionQuery> {
    return Found(FoundAmong(FramesOf(responses), next_state.bitmaps[kWithin],
                            searched, request.backward()));
  };
  return query;
}

// A search backward looks through the frames after the last checkpoint first,
// and then through those before.
SessionQuery SearchQuery(const v1::FindFrameRequest& request,
                         const QuestionState& state,
                         const ipc::SearchedFrames& searched) {
  ipc::SearchedFrames now = searched;
  if (request.backward()) {
    now.first_frame = std::max(
        now.first_frame, state.frames->ForkPosition(searched.last_frame) + 1);
  }
  SessionQuery query = {};
  query.kind = ipc::Query::kFindFrame;
  query.after_crash = SessionQuery::AfterCrash::kRepeat;
  query.first_frame = now.first_frame;
  query.request = absl::StrCat(SelectionBytes(state.bitmaps[kWithin], {}),
                               ipc::BytesOf(now), request.SerializeAsString());
  if (now.first_frame <= searched.first_frame) return query;
  const ipc::SearchedFrames before = {searched.first_frame,
                                      now.first_frame - 1};
  query.next = [request, before](const QuestionState& next_state,
                                 const std::vector<grpc::ByteBuffer>& responses)
      -> absl::StatusOr<SessionQuery> {
    v1::FindFrameResponse found;
    for (const grpc::ByteBuffer& response : responses) {
      found.MergeFromString(BytesOf(response));
    }
    if (found.frame_number() != 0) return Found(found.frame_number());
    return SearchQuery(request, next_state, before);
  };
  return query;
}

}  // namespace

QuestionPlan PlanOf(const v1::FindFrameRequest& request) {
  QuestionPlan plan;
  plan.filters = {request.within_display_filter(), request.display_filter()};
  plan.make_query =
      [request](const QuestionState& state) -> absl::StatusOr<SessionQuery> {
    const ipc::SearchedFrames searched =
        SearchedFramesOf(request, state.facts().frames());
    const Bitmap& target = state.bitmaps[kTarget];
    if (target == nullptr) return SearchQuery(request, state, searched);
    if (request.has_range()) return RangeQuery(request, state, searched);
    const Bitmap& within = state.bitmaps[kWithin];
    return Found(request.backward() ? LastIn(*target, within, searched)
                                    : FirstIn(*target, within, searched));
  };
  // It can take a pass over the capture.
  plan.in_line = false;
  return plan;
}

}  // namespace dissectd::server
