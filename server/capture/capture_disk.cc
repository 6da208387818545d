// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_disk.h"

#include <vector>

#include "server/base/errors.h"
#include "server/capture/capture_folder.h"

namespace dissectd::server {

void CaptureDisk::Measure(const std::string& id) {
  if (limits_.quota == 0) return;
  const uint64_t size = CaptureFolderSize(files_->root_fd(), id);
  const auto known = sizes_.find(id);
  if (known != sizes_.end()) {
    used_ -= known->second;
    sizes_.erase(known);
  }
  if (size == 0) return;
  used_ += size;
  sizes_[id] = size;
}

void CaptureDisk::MeasureAll() {
  std::vector<std::string> ids;
  for (const auto& [id, size] : sizes_) ids.push_back(id);
  for (const std::string& id : ids) Measure(id);
}

absl::Status CaptureDisk::CheckRoom() {
  const absl::Status there = files_->CheckThere();
  if (!there.ok()) return there;
  if (IsQuotaUsed()) MeasureAll();
  if (IsQuotaUsed()) {
    return errors::CaptureQuotaExceeded(limits_.quota);
  }
  if (limits_.min_free > 0 && free_.Bytes() < limits_.min_free) {
    return errors::FreeDiskTooSmall(limits_.min_free);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
