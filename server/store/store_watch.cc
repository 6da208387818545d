// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_watch.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/metrics/events.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kInterval(1);

}  // namespace

StoreWatch::StoreWatch(Deps deps)
    : deps_(std::move(deps)), timer_(deps_.loop->context()) {}

void StoreWatch::Start() {
  deps_.loop->AssertOnLoop();
  timer_.Start(kInterval, [this] {
    // One look at a time, however long a file system takes.
    deps_.loop->CallOn(
        *deps_.pool, [this] { return IsThere(); },
        [this](bool there) {
          Note(there);
          Start();
        });
  });
}

bool StoreWatch::IsThere() const {
  switch (deps_.files->FindAgain()) {
    case FileStore::Presence::kSame:
      return true;
    case FileStore::Presence::kGone:
      return false;
    case FileStore::Presence::kReplaced:
      break;
  }
  const absl::Status loaded = deps_.uploads->Reload();
  if (!loaded.ok()) {
    spdlog::error("the new folder of the store can't be read: {}",
                  std::string(loaded.message()));
    return false;
  }
  deps_.files->MarkThere();
  metrics::Count(metrics::Event::kStoreReplaced);
  spdlog::warn("another folder has replaced the store, and is served now");
  return true;
}

void StoreWatch::Note(bool there) {
  if (there == there_) return;
  there_ = there;
  if (there) {
    spdlog::info("the store is there again");
  } else {
    metrics::Count(metrics::Event::kStoreGone);
    spdlog::error("the store is gone");
  }
  deps_.on_change(there);
}

}  // namespace dissectd::server
