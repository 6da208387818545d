// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/filter_bitmaps.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/session/last_use.h"

namespace dissectd::server {
namespace {

// A bitmap of a million frames has 122 KiB.
constexpr size_t kMaxKept = 16;
constexpr size_t kMaxKeptBytes = size_t{16} << 20;

// Returns what bitmaps are kept by: the filter and, if frames pass it depending
// on whether they are marked, the edits. A macro can have any text.
std::string KeyOf(const std::string& filter, const std::string& edits) {
  const bool depends =
      absl::StrContains(filter, "marked") || absl::StrContains(filter, "${");
  return depends ? absl::StrCat(filter, "\n", edits) : filter;
}

}  // namespace

FilterBitmaps::~FilterBitmaps() = default;

uint64_t FilterBitmaps::Get(const std::string& filter, const std::string& edits,
                            RequestFn request, Done done) {
  const uint64_t id = ++last_id_;
  const std::string key = KeyOf(filter, edits);
  const auto kept = kept_.find(key);
  if (kept != kept_.end()) {
    kept->second.last_use = id;
    const Bitmap bitmap = kept->second.bitmap;
    done(bitmap);
    return id;
  }
  Scan& scan = scans_[key];
  if (scan.scan == nullptr) {
    scan.scan = std::make_unique<FrameScan>(
        source_, request(),
        [this, key](const absl::StatusOr<std::string>& bits) {
          OnScanned(key, bits);
        });
    const absl::Status started = scan.scan->Start();
    if (!started.ok()) {
      scans_.erase(key);
      done(started);
      return id;
    }
  }
  scan.waiting[id] = std::move(done);
  return id;
}

void FilterBitmaps::Abandon(uint64_t id) {
  for (auto scan = scans_.begin(); scan != scans_.end(); ++scan) {
    std::map<uint64_t, Done>& waiting = scan->second.waiting;
    if (waiting.erase(id) == 0) continue;
    if (waiting.empty()) scans_.erase(scan);
    return;
  }
}

void FilterBitmaps::OnScanned(const std::string& key,
                              const absl::StatusOr<std::string>& bits) {
  absl::StatusOr<Bitmap> result = Bitmap();
  if (bits.ok()) {
    result = std::make_shared<const FrameBitmap>(*bits, frames_);
    Keep(key, *result);
  } else {
    result = bits.status();
  }
  const auto scan = scans_.find(key);
  std::map<uint64_t, Done> waiting = std::move(scan->second.waiting);
  scans_.erase(scan);
  // These come last, as they may destroy the object.
  for (auto& [id, done] : waiting) done(result);
}

void FilterBitmaps::Keep(const std::string& key, Bitmap bitmap) {
  kept_bytes_ += bitmap->bytes();
  kept_[key] = {std::move(bitmap), ++last_id_};
  while (kept_.size() > 1 &&
         (kept_.size() > kMaxKept || kept_bytes_ > kMaxKeptBytes)) {
    const auto oldest = LeastRecentlyUsed(&kept_);
    kept_bytes_ -= oldest->second.bitmap->bytes();
    kept_.erase(oldest);
  }
}

}  // namespace dissectd::server
