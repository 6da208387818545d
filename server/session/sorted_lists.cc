// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/sorted_lists.h"

#include <utility>

#include "server/session/last_use.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxKept = 8;
// Four bytes each. The order of a larger list is the only one.
constexpr size_t kMaxKeptFrames = size_t{8} << 20;

}  // namespace

SortedLists::Order SortedLists::Find(const std::string& list) {
  const auto found = kept_.find(list);
  if (found == kept_.end()) return nullptr;
  found->second.last_use = ++uses_;
  return found->second.order;
}

void SortedLists::Keep(const std::string& list, Order order) {
  const auto known = kept_.find(list);
  if (known != kept_.end()) {
    kept_frames_ -= known->second.order->size();
    kept_.erase(known);
  }
  kept_frames_ += order->size();
  kept_[list] = {std::move(order), ++uses_};
  while (kept_.size() > 1 &&
         (kept_.size() > kMaxKept || kept_frames_ > kMaxKeptFrames)) {
    ForgetOldest();
  }
}

void SortedLists::ForgetOldest() {
  const auto oldest = LeastRecentlyUsed(&kept_);
  kept_frames_ -= oldest->second.order->size();
  kept_.erase(oldest);
}

}  // namespace dissectd::server
