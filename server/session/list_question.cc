// SPDX-License-Identifier: GPL-2.0-or-later

// How SessionService.ListFrames is answered.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/ipc/query.h"
#include "dissectd/v1/session.pb.h"
#include "server/session/frame_questions.h"
#include "server/session/packet_lists.h"
#include "server/session/selection_bytes.h"
#include "server/session/sorted_lists.h"

namespace dissectd::server {
namespace {

using AfterCrash = SessionQuery::AfterCrash;
using Bitmap = FilterBitmaps::Bitmap;

constexpr uint32_t kDefaultLimit = 100;
constexpr uint32_t kMaxLimit = 1000;

uint32_t LimitOf(const v1::ListFramesRequest& request) {
  return request.limit() == 0 ? kDefaultLimit
                              : std::min(request.limit(), kMaxLimit);
}

// Some frames of a list, in the order of the answer, and the number of all.
struct Page {
  std::vector<uint32_t> frames;
  uint32_t total;
};

// Returns a page of the frames of the capture, or of those of the bitmap.
Page PageInOrder(const v1::ListFramesRequest& request, uint32_t frames,
                 const Bitmap& bitmap) {
  Page page = {{}, bitmap == nullptr ? frames : bitmap->count()};
  const uint64_t end = std::min<uint64_t>(
      page.total, uint64_t{request.first_position()} + LimitOf(request));
  for (uint32_t i = request.first_position(); i < end; ++i) {
    const uint32_t position = request.descending() ? page.total - 1 - i : i;
    page.frames.push_back(bitmap == nullptr ? position + 1
                                            : bitmap->At(position));
  }
  return page;
}

Page PageOfOrder(const v1::ListFramesRequest& request,
                 const std::vector<uint32_t>& order) {
  const size_t first = std::min<size_t>(request.first_position(), order.size());
  const size_t last = std::min<size_t>(first + LimitOf(request), order.size());
  return {{order.data() + first, order.data() + last},
          static_cast<uint32_t>(order.size())};
}

// Returns the key of a sorted list: the edits, and all of the request but the
// page and what it has for each frame.
std::string KeyOfOrder(v1::ListFramesRequest request,
                       const std::string& edits) {
  request.clear_session();
  request.clear_first_position();
  request.clear_limit();
  request.clear_colors();
  return absl::StrCat(request.SerializeAsString(), edits);
}

// Returns the page, unless the order of the list has to be found first.
std::optional<Page> PageOf(const v1::ListFramesRequest& request,
                           const QuestionState& state) {
  // Only a process of the session knows the times of frames.
  if (request.sort_column() == 0 && !request.has_range()) {
    return PageInOrder(request, state.facts().frames(), state.bitmaps[0]);
  }
  const SortedLists::Order order =
      state.frames->sorted_lists()->Find(KeyOfOrder(request, state.edits));
  if (order == nullptr) return std::nullopt;
  return PageOfOrder(request, *order);
}

// Returns the answer if the lines of the page are kept.
std::optional<std::string> KnownAnswer(const v1::ListFramesRequest& request,
                                       const QuestionState& state,
                                       const Page& page) {
  PacketLists* const lists = state.frames->packet_lists();
  if (lists == nullptr) return std::nullopt;
  const PacketLists::ListPtr list = lists->Find(request, state.edits);
  if (list == nullptr || !list->Has(page.frames)) return std::nullopt;
  std::optional<v1::ListFramesResponse> answer = list->Page(page.frames);
  if (!answer.has_value()) return std::nullopt;
  answer->set_total(page.total);
  return answer->SerializeAsString();
}

SessionQuery PageQuery(const v1::ListFramesRequest& request,
                       const QuestionState& state, const Page& page) {
  SessionQuery query = {};
  query.response = KnownAnswer(request, state, page);
  if (query.response.has_value()) return query;
  PacketLists* const lists = state.frames->packet_lists();
  if (lists != nullptr) lists->MissPage(request, state.edits);
  query.kind = ipc::Query::kListFrames;
  query.after_crash = AfterCrash::kRepeat;
  query.request = absl::StrCat(SelectionBytes(state.bitmaps[0], page.frames),
                               request.SerializeAsString());
  v1::ListFramesResponse added;
  added.set_total(page.total);
  query.added = added.SerializeAsString();
  // The worker needs the state before the first of them.
  if (!page.frames.empty()) {
    query.first_frame =
        *std::min_element(page.frames.begin(), page.frames.end());
  }
  return query;
}

SessionQuery OrderQuery(const v1::ListFramesRequest& request,
                        const QuestionState& state) {
  SessionQuery query = {};
  query.kind = ipc::Query::kSortFrames;
  query.after_crash = AfterCrash::kRepeat;
  query.request = absl::StrCat(SelectionBytes(state.bitmaps[0], {}),
                               request.SerializeAsString());
  query.next = [request](const QuestionState& next_state,
                         const std::vector<grpc::ByteBuffer>& sorted)
      -> absl::StatusOr<SessionQuery> {
    const auto order =
        std::make_shared<const std::vector<uint32_t>>(FramesOf(sorted));
    next_state.frames->sorted_lists()->Keep(
        KeyOfOrder(request, next_state.edits), order);
    return PageQuery(request, next_state, PageOfOrder(request, *order));
  };
  return query;
}

}  // namespace

QuestionPlan PlanOf(const v1::ListFramesRequest& request) {
  QuestionPlan plan;
  plan.filters = {FilterOf(request)};
  plan.list = request;
  plan.known_response = [request](const QuestionState& state) {
    const std::optional<Page> page = PageOf(request, state);
    return page.has_value() ? KnownAnswer(request, state, *page) : std::nullopt;
  };
  // Sorting takes a pass over the capture.
  plan.in_line = request.sort_column() == 0;
  plan.make_query =
      [request](const QuestionState& state) -> absl::StatusOr<SessionQuery> {
    const std::optional<Page> page = PageOf(request, state);
    return page.has_value() ? PageQuery(request, state, *page)
                            : OrderQuery(request, state);
  };
  return plan;
}

}  // namespace dissectd::server
