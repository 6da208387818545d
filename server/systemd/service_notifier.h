// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SYSTEMD_SERVICE_NOTIFIER_H_
#define SERVER_SYSTEMD_SERVICE_NOTIFIER_H_

#include <atomic>
#include <chrono>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/log_limit.h"

namespace dissectd::server {

// Tells systemd about the state of this process, as sd_notify(3) does. Does
// nothing if systemd doesn't want to know. libsystemd isn't used: the protocol
// is one datagram with a line for each fact, and the library would bring those
// for compression and encryption that it needs for the journal. Thread-safe.
class ServiceNotifier {
 public:
  // Takes the variables of the protocol out of the environment, so that no
  // program that this process starts speaks in its name. Create it once, before
  // threads are started.
  ServiceNotifier();
  ServiceNotifier(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(const ServiceNotifier&) = delete;

  // The process serves its clients from now on.
  void Ready();
  // The process is about to end.
  void Stopping();
  // Sets the line that `systemctl status` shows, unless the process is
  // stopping.
  void SetStatus(absl::string_view status);

  // The time after which systemd takes the process for hung unless it called
  // FeedWatchdog; 0 if systemd doesn't watch.
  std::chrono::microseconds watchdog_timeout() const {
    return watchdog_timeout_;
  }
  void FeedWatchdog();

 private:
  // Waits for systemd for at most a few seconds, or not at all.
  void Send(absl::string_view facts, bool wait);

  // The path of a Unix socket, or `@` and an abstract name; empty for none.
  const std::string address_;
  const std::chrono::microseconds watchdog_timeout_;
  std::atomic<bool> stopping_{false};
  LogLimit failures_;
};

}  // namespace dissectd::server

#endif  // SERVER_SYSTEMD_SERVICE_NOTIFIER_H_
