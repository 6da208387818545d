// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/systemd/watchdog.h"

namespace dissectd::server {

Watchdog::Watchdog(IoLoop* loop, ServiceNotifier* notifier)
    : notifier_(notifier), timer_(loop->context()) {
  if (notifier_->watchdog_timeout().count() == 0) return;
  loop->Post([this] { Feed(); });
}

void Watchdog::Feed() {
  notifier_->FeedWatchdog();
  // sd_watchdog_enabled(3) recommends half the time.
  timer_.Start(notifier_->watchdog_timeout() / 2, [this] { Feed(); });
}

}  // namespace dissectd::server
