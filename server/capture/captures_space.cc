// SPDX-License-Identifier: GPL-2.0-or-later

// How captures end before they use up the disk space.

#include <asio/post.hpp>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/capture/captures.h"

namespace dissectd::server {
namespace {

// What captures write in this time may be too much.
constexpr std::chrono::milliseconds kSpaceInterval(500);

}  // namespace

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
  asio::post(disk_, [this, ids = std::move(ids)] {
    for (const std::string& id : ids) space_.Measure(id);
    deps_.loop->Post([this, room = space_.CheckRoom()] { OnSpace(room); });
  });
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
