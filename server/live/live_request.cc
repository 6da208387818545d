// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_request.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

// The protocol tree that a view needs.
enum class TreeNeed { kNone, kHidden, kVisible, kByFields };

TreeNeed TreeNeedOf(const v1::View& view) {
  if (view.tree() == v1::TREE_DETAIL_FULL ||
      view.tree() == v1::TREE_DETAIL_SELECTED) {
    return TreeNeed::kVisible;
  }
  // libwireshark keeps some labels only in a visible tree. Only the worker
  // knows which fields have such labels.
  if (view.labels() && view.fields_size() > 0) return TreeNeed::kByFields;
  return view.fields_size() > 0 || view.colors() ||
                 !DisplayFilterOf(view).empty()
             ? TreeNeed::kHidden
             : TreeNeed::kNone;
}

v1::DissectRequest SharedPart(const v1::DissectRequest& request) {
  v1::DissectRequest shared;
  shared.set_capture(request.capture());
  *shared.mutable_options() = request.options();
  *shared.mutable_live() = request.live();
  // The position is a frame number by now.
  shared.mutable_live()->clear_from_now();
  *shared.mutable_view()->mutable_columns() = request.view().columns();
  // The names of colouring rules are fields of the frame.
  shared.mutable_view()->set_colors(request.view().colors());
  return shared;
}

v1::DissectRequest OwnPart(const v1::DissectRequest& request) {
  v1::DissectRequest own;
  *own.mutable_view() = request.view();
  own.mutable_view()->clear_columns();
  *own.mutable_batch() = request.batch();
  return own;
}

}  // namespace

const std::string& DisplayFilterOf(const v1::View& view) {
  return view.raw_display_filter().empty() ? view.display_filter()
                                           : view.raw_display_filter();
}

std::string WorkerKey(const Principal& principal,
                      const v1::DissectRequest& request) {
  v1::DissectRequest shared = SharedPart(request);
  const TreeNeed need = TreeNeedOf(request.view());
  if (need == TreeNeed::kByFields) {
    *shared.mutable_view()->mutable_fields() = request.view().fields();
  }
  // Includes the length of the id, so that no id can look like a part of the
  // rest.
  return absl::StrCat(principal.id.size(), " ", principal.id,
                      static_cast<int>(need), shared.SerializeAsString());
}

std::string StreamKey(const v1::DissectRequest& request, uint64_t position) {
  v1::DissectRequest own = OwnPart(request);
  v1::FrameRange* range = own.mutable_view()->mutable_range();
  // The end of such a view depends on its beginning.
  if (range->limit() != 0 || range->last_frame() != 0) return std::string();
  if (range->first_frame() <= position + 1) {
    range->clear_first_frame();
    if (range->ByteSizeLong() == 0) own.mutable_view()->clear_range();
  }
  return own.SerializeAsString();
}

std::string FollowPayload(const v1::DissectRequest& request) {
  return SharedPart(request).SerializeAsString();
}

std::string StreamPayload(const v1::DissectRequest& request) {
  return OwnPart(request).SerializeAsString();
}

uint32_t FirstFrame(const v1::DissectRequest& request) {
  return std::max(request.view().range().first_frame(), 1u);
}

}  // namespace dissectd::server
