// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SYSTEMD_WATCHDOG_H_
#define SERVER_SYSTEMD_WATCHDOG_H_

#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/systemd/service_notifier.h"

namespace dissectd::server {

// Feeds systemd's watchdog from a loop, and so only as long as the loop
// answers. Does nothing if systemd doesn't watch. Made on any thread, and
// destroyed when the loop has stopped.
class Watchdog {
 public:
  // Both outlive this.
  Watchdog(IoLoop* loop, ServiceNotifier* notifier);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void Feed();

  ServiceNotifier* const notifier_;
  Timer timer_;
};

}  // namespace dissectd::server

#endif  // SERVER_SYSTEMD_WATCHDOG_H_
