// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_watch.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "server/base/errors.h"
#include "server/dumpcap/capture_errors.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;

// The interval of dumpcap's counts, and the least time between two of its
// starts.
constexpr milliseconds kPeriod(1000);

// A snapshot is taken when dumpcap has counted, so that its counts are current.
// dumpcap's lines come in quick succession: if none has come for this long, the
// last one has.
constexpr milliseconds kSettlingTime(50);

// The longest time that a snapshot waits for counts.
constexpr milliseconds kLatePeriod(1250);

// A dumpcap that has counted nothing for this long hangs.
constexpr std::chrono::seconds kLongestSilence(15);

}  // namespace

InterfaceWatch::~InterfaceWatch() {
  if (run_ != nullptr) run_->Abandon();
}

void InterfaceWatch::Add(Watcher* watcher) {
  thread_.AssertOnThread();
  if (stopped_) return watcher->OnWatchEnded(errors::ServerStopping());
  watchers_.push_back(watcher);
  if (watchers_.size() == 1) Begin();
  if (latest_ != nullptr) watcher->OnSnapshot(latest_);
}

void InterfaceWatch::Remove(Watcher* watcher) {
  thread_.AssertOnThread();
  const auto place = std::find(watchers_.begin(), watchers_.end(), watcher);
  if (place == watchers_.end()) return;
  watchers_.erase(place);
  if (watchers_.empty()) End();
}

void InterfaceWatch::Stop() {
  thread_.AssertOnThread();
  stopped_ = true;
  Fail(errors::ServerStopping());
}

void InterfaceWatch::Begin() {
  snapshots_.emplace();
  counted_ = false;
  TakeSnapshotIn(kLatePeriod);
  StartRun();
}

void InterfaceWatch::End() {
  snapshot_timer_.Stop();
  start_timer_.Stop();
  if (run_ != nullptr) std::exchange(run_, nullptr)->Abandon();
  snapshots_.reset();
  latest_.reset();
}

void InterfaceWatch::Fail(const absl::Status& status) {
  End();
  for (Watcher* watcher : std::exchange(watchers_, {})) {
    watcher->OnWatchEnded(status);
  }
}

InterfaceWatch::UpInterfaces InterfaceWatch::UpInterfacesOf(
    const KernelInterfaces& kernel) {
  UpInterfaces interfaces;
  for (const auto& [name, interface] : kernel) {
    if (interface.up) interfaces.emplace(name, interface.index);
  }
  return interfaces;
}

void InterfaceWatch::StartRun() {
  const auto kernel = ReadKernelInterfaces();
  if (!kernel.ok()) return Fail(kernel.status());
  up_at_start_ = UpInterfacesOf(*kernel);
  started_ = last_sign_ = Clock::now();
  snapshots_->captured().BeginRun();
  StatisticsRun::Handlers handlers;
  handlers.on_count = [this](absl::string_view name, uint32_t packets) {
    OnCount(name, packets);
  };
  handlers.on_end = [this](const absl::Status& status) { OnRunEnded(status); };
  run_ = StatisticsRun::Start(context_, dumpcap_, std::move(handlers));
}

void InterfaceWatch::RestartRun() {
  if (run_ != nullptr) std::exchange(run_, nullptr)->Abandon();
  start_timer_.StartAt(std::max(Clock::now(), started_ + kPeriod),
                       [this] { StartRun(); });
}

void InterfaceWatch::OnCount(absl::string_view name, uint32_t packets) {
  thread_.AssertOnThread();
  snapshots_->captured().Set(name, packets);
  counted_ = true;
  last_sign_ = Clock::now();
  // The first counts after a restart don't come at the usual time.
  if (latest_ == nullptr || last_sign_ - latest_time_ > kPeriod / 2) {
    TakeSnapshotIn(kSettlingTime);
  }
}

void InterfaceWatch::OnRunEnded(const absl::Status& status) {
  thread_.AssertOnThread();
  run_.reset();
  if (!status.ok()) return Fail(status);
  RestartRun();
}

void InterfaceWatch::TakeSnapshotIn(Clock::duration time) {
  snapshot_timer_.Start(time, [this] { OnSnapshotTime(); });
}

void InterfaceWatch::OnSnapshotTime() {
  thread_.AssertOnThread();
  TakeSnapshotIn(kLatePeriod);
  if (run_ != nullptr && Clock::now() - last_sign_ > kLongestSilence) {
    if (!counted_) return Fail(errors::DumpcapHangs(dumpcap_->path()));
    metrics::Count(metrics::Event::kInterfaceStatisticsRestarted);
    spdlog::warn("dumpcap -S has stopped counting; restarting it");
    RestartRun();
  }
  if (!counted_) return;
  const auto kernel = ReadKernelInterfaces();
  if (!kernel.ok()) return Fail(kernel.status());
  InterfaceSnapshot snapshot = snapshots_->Next(*kernel, absl::Now());
  if (run_ != nullptr && UpInterfacesOf(*kernel) != up_at_start_) RestartRun();
  Publish(std::move(snapshot));
}

void InterfaceWatch::Publish(InterfaceSnapshot snapshot) {
  latest_ = std::make_shared<const InterfaceSnapshot>(std::move(snapshot));
  latest_time_ = Clock::now();
  // Watchers may remove themselves; the snapshot is destroyed with the last
  // one.
  const auto watchers = watchers_;
  const auto latest = latest_;
  for (Watcher* watcher : watchers) watcher->OnSnapshot(latest);
}

}  // namespace dissectd::server
