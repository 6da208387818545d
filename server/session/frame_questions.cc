// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/frame_questions.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/session/selection_bytes.h"
#include "server/session/session_errors.h"
#include "server/session/sorted_lists.h"

namespace dissectd::server {
namespace {

using AfterCrash = SessionQuery::AfterCrash;
using Bitmap = FilterBitmaps::Bitmap;

constexpr uint32_t kDefaultLimit = 100;
constexpr uint32_t kMaxLimit = 1000;

// Returns the display filter of a view or a list.
template <typename T>
std::string FilterOf(const T& view) {
  return view.raw_display_filter().empty() ? view.display_filter()
                                           : view.raw_display_filter();
}

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
  return query;
}

uint32_t LimitOf(const v1::ListFramesRequest& request) {
  return request.limit() == 0 ? kDefaultLimit
                              : std::min(request.limit(), kMaxLimit);
}

// The frames of a list in the order of the capture.
class FrameList {
 public:
  FrameList(const v1::Session& facts, Bitmap bitmap)
      : frames_(facts.frames()), bitmap_(std::move(bitmap)) {}

  uint32_t size() const {
    return bitmap_ == nullptr ? frames_ : bitmap_->count();
  }
  uint32_t At(uint32_t position) const {
    return bitmap_ == nullptr ? position + 1 : bitmap_->At(position);
  }
  // Returns the frames of a page.
  std::vector<uint32_t> Page(const v1::ListFramesRequest& request) const {
    std::vector<uint32_t> frames;
    const uint64_t end = std::min<uint64_t>(
        size(), uint64_t{request.first_position()} + LimitOf(request));
    for (uint32_t position = request.first_position(); position < end;
         ++position) {
      frames.push_back(
          At(request.descending() ? size() - 1 - position : position));
    }
    return frames;
  }

 private:
  const uint32_t frames_;
  const Bitmap bitmap_;
};

SessionQuery ListQuery(const v1::ListFramesRequest& request,
                       const Bitmap& bitmap,
                       const std::vector<uint32_t>& frames, uint32_t total) {
  SessionQuery query = {};
  query.kind = ipc::Query::kListFrames;
  query.after_crash = AfterCrash::kRepeat;
  query.request =
      absl::StrCat(SelectionBytes(bitmap, frames), request.SerializeAsString());
  v1::ListFramesResponse added;
  added.set_total(total);
  query.added = added.SerializeAsString();
  // The worker needs the state before the first of them.
  if (!frames.empty()) {
    query.first_frame = *std::min_element(frames.begin(), frames.end());
  }
  return query;
}

// Returns the key of a sorted list: the edits, and all of the request but the
// page and what it has for each frame.
std::string ListOf(v1::ListFramesRequest request, const std::string& edits) {
  request.clear_session();
  request.clear_first_position();
  request.clear_limit();
  request.clear_colors();
  return absl::StrCat(request.SerializeAsString(), edits);
}

SessionQuery SortedPageQuery(const v1::ListFramesRequest& request,
                             const Bitmap& bitmap,
                             const std::vector<uint32_t>& order) {
  const size_t first = std::min<size_t>(request.first_position(), order.size());
  const size_t last = std::min<size_t>(first + LimitOf(request), order.size());
  return ListQuery(request, bitmap, {order.data() + first, order.data() + last},
                   static_cast<uint32_t>(order.size()));
}

SessionQuery SortQuery(const v1::ListFramesRequest& request,
                       const Bitmap& bitmap) {
  SessionQuery query = {};
  query.kind = ipc::Query::kSortFrames;
  query.after_crash = AfterCrash::kRepeat;
  query.request =
      absl::StrCat(SelectionBytes(bitmap, {}), request.SerializeAsString());
  query.next = [request, bitmap](const QuestionState& state,
                                 const std::vector<grpc::ByteBuffer>& sorted)
      -> absl::StatusOr<SessionQuery> {
    const auto order =
        std::make_shared<const std::vector<uint32_t>>(FramesOf(sorted));
    state.frames->sorted_lists()->Keep(ListOf(request, state.edits), order);
    return SortedPageQuery(request, bitmap, *order);
  };
  return query;
}

SessionQuery SortedListQuery(const v1::ListFramesRequest& request,
                             const QuestionState& state) {
  const SortedLists::Order order =
      state.frames->sorted_lists()->Find(ListOf(request, state.edits));
  const Bitmap& bitmap = state.bitmaps[0];
  return order == nullptr ? SortQuery(request, bitmap)
                          : SortedPageQuery(request, bitmap, *order);
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

QuestionPlan PlanOf(const v1::ListFramesRequest& request) {
  QuestionPlan plan;
  plan.filters = {FilterOf(request)};
  // Sorting takes a pass over the capture.
  plan.in_line = request.sort_column() == 0;
  plan.make_query =
      [request](const QuestionState& state) -> absl::StatusOr<SessionQuery> {
    // Only a process of the session knows the times of frames.
    if (request.sort_column() != 0 || request.has_range()) {
      return SortedListQuery(request, state);
    }
    const Bitmap& bitmap = state.bitmaps[0];
    const FrameList list(state.facts(), bitmap);
    return ListQuery(request, bitmap, list.Page(request), list.size());
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
    query.request = request;
    return query;
  };
  plan.in_line = false;
  return plan;
}

}  // namespace dissectd::server
