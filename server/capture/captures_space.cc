// SPDX-License-Identifier: GPL-2.0-or-later

// How captures use the disk space: what they write is counted, and they end
// before they use all of it.

#include <asio/post.hpp>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/resource_names.h"
#include "server/capture/captures.h"

namespace dissectd::server {
namespace {

// What captures write in this time may be too much.
constexpr std::chrono::milliseconds kSpaceInterval(500);

}  // namespace

std::optional<std::string> Captures::LastFile(const CaptureHistory& history) {
  if (history.files().empty()) return std::nullopt;
  absl::StatusOr<std::string> path =
      ParseFileName(history.files().back().file());
  if (!path.ok()) return std::nullopt;
  return *std::move(path);
}

void Captures::CountBytes(const Entry& entry) {
  const std::optional<std::string> file = LastFile(entry.capture->history());
  if (!file.has_value() || !entry.bytes->Note(*file)) return;
  asio::post(disk_, [bytes = entry.bytes] { bytes->Measure(); });
}

void Captures::WatchSpace() {
  if (!space_.is_limited() || std::exchange(watching_space_, true)) return;
  MeasureSpace();
}

void Captures::MeasureSpace() {
  // Captures that have ended meanwhile are measured once more.
  std::set<std::string> ids = std::exchange(measured_, {});
  for (const auto& [id, entry] : entries_) {
    if (!entry.capture->has_ended()) measured_.insert(id);
  }
  ids.insert(measured_.begin(), measured_.end());
  deps_.loop->CallOn(
      disk_,
      [this, ids = std::move(ids)] {
        for (const std::string& id : ids) space_.Measure(id);
        return space_.CheckRoom();
      },
      [this](const absl::Status& room) { OnSpace(room); });
}

void Captures::OnSpace(const absl::Status& room) {
  deps_.loop->AssertOnLoop();
  if (!room.ok()) {
    for (const auto& [id, entry] : entries_) entry.capture->StopWith(room);
  }
  watching_space_ = !pending_.empty() || !measured_.empty();
  if (!watching_space_) return;
  space_timer_.Start(kSpaceInterval, [this] { MeasureSpace(); });
}

}  // namespace dissectd::server
