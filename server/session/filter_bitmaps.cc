// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/filter_bitmaps.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "dissectd/v1/session.pb.h"
#include "server/engine/worker_socket.h"
#include "server/query/query_reader.h"

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

// A scan of the capture for the frames that pass a filter.
class FilterBitmaps::Scan : public QueryReader {
 public:
  // `filter` and `edits` are as for Get, and `key` is KeyOf them.
  Scan(FilterBitmaps* owner, std::string key, std::string filter,
       std::string edits)
      : owner_(owner),
        key_(std::move(key)),
        filter_(std::move(filter)),
        edits_(std::move(edits)),
        attempts_(owner->attempts_()) {}

  absl::Status Start() {
    bits_.clear();
    ASSIGN_OR_RETURN(worker_, owner_->start_());
    v1::ListFramesRequest request;
    request.set_raw_display_filter(filter_);
    Query query;
    query.kind = ipc::Query::kFilterFrames;
    query.request = request.SerializeAsString();
    query.edits = edits_;
    query.crashes = attempts_.crashes();
    worker_->Ask(std::move(query), this);
    return absl::OkStatus();
  }

  std::map<uint64_t, Done>* waiting() { return &waiting_; }

 private:
  void OnResponse(const grpc::ByteBuffer& response) override {
    bits_ += BytesOf(response);
    worker_->ReadMore();
  }
  void OnEnd(const absl::Status& status) override {
    if (attempts_.MayContinueAfter(*worker_) && Start().ok()) return;
    absl::StatusOr<std::string> bits = std::move(bits_);
    if (!status.ok()) bits = status;
    const std::string key = key_;
    // This comes last, as it destroys the object.
    owner_->OnScanned(key, bits);
  }

  FilterBitmaps* const owner_;
  const std::string key_;
  const std::string filter_;
  const std::string edits_;
  QuestionAttempts attempts_;
  std::unique_ptr<QueryWorker> worker_;
  std::string bits_;
  std::map<uint64_t, Done> waiting_;
};

FilterBitmaps::FilterBitmaps(StartFn start, AttemptsFn attempts,
                             uint32_t frames)
    : start_(std::move(start)),
      attempts_(std::move(attempts)),
      frames_(frames) {}

FilterBitmaps::~FilterBitmaps() = default;

uint64_t FilterBitmaps::Get(const std::string& filter, const std::string& edits,
                            Done done) {
  const uint64_t id = ++last_id_;
  const std::string key = KeyOf(filter, edits);
  const auto kept = kept_.find(key);
  if (kept != kept_.end()) {
    kept->second.last_use = id;
    const Bitmap bitmap = kept->second.bitmap;
    done(bitmap);
    return id;
  }
  std::unique_ptr<Scan>& scan = scans_[key];
  if (scan == nullptr) {
    scan = std::make_unique<Scan>(this, key, filter, edits);
    const absl::Status started = scan->Start();
    if (!started.ok()) {
      scans_.erase(key);
      done(started);
      return id;
    }
  }
  (*scan->waiting())[id] = std::move(done);
  return id;
}

void FilterBitmaps::Abandon(uint64_t id) {
  for (auto scan = scans_.begin(); scan != scans_.end(); ++scan) {
    std::map<uint64_t, Done>* const waiting = scan->second->waiting();
    if (waiting->erase(id) == 0) continue;
    if (waiting->empty()) scans_.erase(scan);
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
  std::map<uint64_t, Done> waiting = std::exchange(*scans_[key]->waiting(), {});
  scans_.erase(key);
  // These come last, as they may destroy the object.
  for (auto& [id, done] : waiting) done(result);
}

void FilterBitmaps::Keep(const std::string& key, Bitmap bitmap) {
  kept_bytes_ += bitmap->bytes();
  kept_[key] = {std::move(bitmap), ++last_id_};
  while (kept_.size() > 1 &&
         (kept_.size() > kMaxKept || kept_bytes_ > kMaxKeptBytes)) {
    const auto oldest = std::min_element(
        kept_.begin(), kept_.end(), [](const auto& left, const auto& right) {
          return left.second.last_use < right.second.last_use;
        });
    kept_bytes_ -= oldest->second.bitmap->bytes();
    kept_.erase(oldest);
  }
}

}  // namespace dissectd::server
