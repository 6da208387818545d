// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FILTER_BITMAPS_H_
#define SERVER_SESSION_FILTER_BITMAPS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/session/frame_bitmap.h"
#include "server/session/frame_scan.h"

namespace dissectd::server {

// Which frames of a session pass which display filters. The first who asks for
// a filter has the capture scanned; others wait for the same scan. The filters
// that were used last are kept. Used on the loop's thread only.
class FilterBitmaps {
 public:
  using Bitmap = std::shared_ptr<const FrameBitmap>;
  using Done = absl::AnyInvocable<void(const absl::StatusOr<Bitmap>& bitmap)>;
  // Returns what a scan for the filter does besides.
  using RequestFn = absl::FunctionRef<FrameScan::Request()>;

  // `source` is not owned and outlives this.
  FilterBitmaps(const FrameScan::Source* source, uint32_t frames)
      : source_(source), frames_(frames) {}
  ~FilterBitmaps();
  FilterBitmaps(const FilterBitmaps&) = delete;
  FilterBitmaps& operator=(const FilterBitmaps&) = delete;

  // Gets the bitmap of a filter for a session with these edits, as Query has
  // them: calls `done` once, possibly before this has returned. `done` may
  // destroy this object. `request` is called if there has to be a scan. Returns
  // a number for Abandon. Errors: those of the worker about filters, and of
  // processes.
  uint64_t Get(const std::string& filter, const std::string& edits,
               RequestFn request, Done done);

  // Doesn't call `done` any more. A scan that nobody waits for ends.
  void Abandon(uint64_t id);

 private:
  struct Scan {
    std::unique_ptr<FrameScan> scan;
    std::map<uint64_t, Done> waiting;
  };

  void OnScanned(const std::string& key,
                 const absl::StatusOr<std::string>& bits);
  void Keep(const std::string& key, Bitmap bitmap);

  struct Kept {
    Bitmap bitmap;
    uint64_t last_use;
  };

  const FrameScan::Source* const source_;
  const uint32_t frames_;
  // The bitmaps that are kept, by their KeyOf.
  std::map<std::string, Kept> kept_;
  size_t kept_bytes_ = 0;
  std::map<std::string, Scan> scans_;
  uint64_t last_id_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FILTER_BITMAPS_H_
