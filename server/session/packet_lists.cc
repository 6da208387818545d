// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/packet_lists.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/session/last_use.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxLists = 4;
// A scan makes all columns of all lines.
constexpr int kMaxColumns = 64;

// Returns the request for all lines of a list.
v1::ListFramesRequest WholeList(v1::ListFramesRequest request) {
  request.clear_session();
  request.clear_first_position();
  request.clear_limit();
  request.clear_sort_column();
  request.clear_descending();
  request.clear_range();
  return request;
}

// Lines tell which frames are marked, and filters and colours may look at that.
std::string KeyOf(const v1::ListFramesRequest& request,
                  const std::string& edits) {
  const std::string list = WholeList(request).SerializeAsString();
  return absl::StrCat(list.size(), " ", list, edits);
}

}  // namespace

PacketLists::ListPtr PacketLists::Find(const v1::ListFramesRequest& request,
                                       const std::string& edits) {
  const auto kept = kept_.find(KeyOf(request, edits));
  if (kept == kept_.end()) return nullptr;
  kept->second.last_use = ++uses_;
  return kept->second.list;
}

FrameScan::Request PacketLists::BeginScan(const v1::ListFramesRequest& request,
                                          const std::string& edits) {
  const ListPtr list = Keep(KeyOf(request, edits))->list;
  FrameScan::Request scan = {WholeList(request).SerializeAsString(), edits,
                             nullptr};
  if (!list->is_growing() && !list->is_full() &&
      request.columns().columns_size() <= kMaxColumns) {
    scan.list = list;
  }
  return scan;
}

void PacketLists::MissPage(const v1::ListFramesRequest& request,
                           const std::string& edits) {
  const uint32_t missed = ++Keep(KeyOf(request, edits))->missed_pages;
  // Each sorted page would take a pass over the capture.
  const bool is_wanted = missed > 1 || request.sort_column() != 0;
  if (!is_wanted || scan_ != nullptr) return;
  FrameScan::Request scan = BeginScan(request, edits);
  if (scan.list == nullptr) return;
  const ListPtr list = scan.list;
  scan_ = std::make_unique<FrameScan>(
      source_, std::move(scan),
      [this, list](const absl::StatusOr<std::string>& bits) {
        if (!bits.ok()) list->GiveUp();
        scan_.reset();
      });
  if (!scan_->Start().ok()) scan_.reset();
}

PacketLists::Kept* PacketLists::Keep(const std::string& key) {
  memory_->NoteUse(this);
  memory_->MakeRoom(this);
  Kept& kept = kept_[key];
  if (kept.list == nullptr) {
    kept.list = std::make_shared<PacketList>(max_bytes_ / kMaxLists);
  }
  kept.last_use = ++uses_;
  if (kept_.size() > kMaxLists) {
    kept_.erase(LeastRecentlyUsed(&kept_));
  }
  return &kept;
}

void PacketLists::Drop() {
  scan_.reset();
  for (auto& [key, kept] : kept_) kept.list->GiveUp();
  kept_.clear();
}

size_t PacketLists::bytes() const {
  size_t bytes = 0;
  for (const auto& [key, kept] : kept_) bytes += kept.list->bytes();
  return bytes;
}

}  // namespace dissectd::server
