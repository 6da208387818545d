// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FILTER_BITMAPS_H_
#define SERVER_SESSION_FILTER_BITMAPS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/query/query_worker.h"
#include "server/session/frame_bitmap.h"
#include "server/session/question_attempts.h"

namespace dissectd::server {

// Which frames of a session pass which display filters. The first who asks for
// a filter has the capture scanned; others wait for the same scan. The filters
// that were used last are kept. Used on the loop's thread only.
class FilterBitmaps {
 public:
  using Bitmap = std::shared_ptr<const FrameBitmap>;
  using Done = absl::AnyInvocable<void(const absl::StatusOr<Bitmap>& bitmap)>;
  // Returns a process that can scan the capture.
  using StartFn = std::function<absl::StatusOr<std::unique_ptr<QueryWorker>>()>;

  // Returns the attempts of a scan.
  using AttemptsFn = std::function<QuestionAttempts()>;

  FilterBitmaps(StartFn start, AttemptsFn attempts, uint32_t frames);
  ~FilterBitmaps();
  FilterBitmaps(const FilterBitmaps&) = delete;
  FilterBitmaps& operator=(const FilterBitmaps&) = delete;

  // Gets the bitmap of a filter for a session with these edits, as Query has
  // them: calls `done` once, possibly before this has returned. `done` may
  // destroy this object. Returns a number for Abandon. Errors: those of the
  // worker about filters, and of processes.
  uint64_t Get(const std::string& filter, const std::string& edits, Done done);

  // Doesn't call `done` any more. A scan that nobody waits for ends.
  void Abandon(uint64_t id);

 private:
  class Scan;

  void OnScanned(const std::string& key,
                 const absl::StatusOr<std::string>& bits);
  void Keep(const std::string& key, Bitmap bitmap);

  struct Kept {
    Bitmap bitmap;
    uint64_t last_use;
  };

  const StartFn start_;
  const AttemptsFn attempts_;
  const uint32_t frames_;
  // The bitmaps that are kept, by their KeyOf.
  std::map<std::string, Kept> kept_;
  size_t kept_bytes_ = 0;
  std::map<std::string, std::unique_ptr<Scan>> scans_;
  uint64_t last_id_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FILTER_BITMAPS_H_
