// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/frame_view.h"

#include <algorithm>

namespace dissectd::cli {

void BatchView::Reset(const v1::FrameBatch& batch) {
  batch_ = &batch;
  raw_.clear();
  for (const v1::RawString& raw : batch.raw_strings()) {
    raw_[raw.index()] = raw.value();
  }
}

void FrameView::Reset(const v1::Frame& frame) {
  frame_ = &frame;
  const int count = frame.tree_size();
  ends_.resize(count);
  open_.clear();
  for (int i = 0; i < count; ++i) {
    // Ancestors that are as deep as this node, or deeper, end before it.
    while (!open_.empty() &&
           frame.tree(open_.back()).depth() >= frame.tree(i).depth()) {
      ends_[open_.back()] = i;
      open_.pop_back();
    }
    open_.push_back(i);
  }
  for (const int i : open_) ends_[i] = count;
}

absl::optional<absl::string_view> FrameView::Bytes(const v1::Node& node) const {
  const uint32_t source = node.source();
  if (source == 0 || static_cast<int>(source) > frame_->sources_size()) {
    return absl::nullopt;
  }
  const absl::string_view data = frame_->sources(source - 1).data();
  if (node.start() < 0 || static_cast<size_t>(node.start()) > data.size()) {
    return absl::nullopt;
  }
  return data.substr(node.start(), std::max(node.length(), 0));
}

bool FrameView::IsCutShort(const v1::Node& node) const {
  const uint32_t source = node.source();
  if (source == 0 || static_cast<int>(source) > frame_->sources_size()) {
    return false;
  }
  const int64_t captured = frame_->sources(source - 1).length();
  // Counted from the end if it is negative. Outside, nothing remains.
  const int64_t start =
      node.start() < 0 ? captured + node.start() : int64_t{node.start()};
  const int64_t remaining =
      start < 0 || start > captured ? 0 : captured - start;
  return node.length() > remaining;
}

}  // namespace dissectd::cli
