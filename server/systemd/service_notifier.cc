// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/systemd/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/unique_fd.h"
#include "server/systemd/environment.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

std::chrono::microseconds TakeWatchdogTimeout() {
  const std::optional<std::string> timeout = TakeVariable("WATCHDOG_USEC");
  const std::optional<std::string> pid = TakeVariable("WATCHDOG_PID");
  int64_t microseconds = 0;
  const bool wanted = timeout.has_value() &&
                      (!pid.has_value() || IsThisProcess(*pid)) &&
                      absl::SimpleAtoi(*timeout, &microseconds);
  return std::chrono::microseconds(wanted && microseconds > 0 ? microseconds
                                                              : 0);
}

// Returns an error number; 0 for none.
int SendDatagram(const std::string& address, absl::string_view text,
                 bool wait) {
  sockaddr_un to = {};
  to.sun_family = AF_UNIX;
  if (address[0] != '/' && address[0] != '@') return EAFNOSUPPORT;
  if (address.size() >= sizeof(to.sun_path)) return ENAMETOOLONG;
  address.copy(to.sun_path, address.size());
  if (address[0] == '@') to.sun_path[0] = '\0';
  const UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  constexpr timeval kPatience = {5, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  const size_t size = offsetof(sockaddr_un, sun_path) + address.size();
  const ssize_t sent =
      sendto(fd.get(), text.data(), text.size(),
             MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT),
             reinterpret_cast<const sockaddr*>(&to), socklen_t(size));
  return sent < 0 ? errno : 0;
}

}  // namespace

ServiceNotifier::ServiceNotifier()
    : address_(TakeVariable("NOTIFY_SOCKET").value_or("")),
      watchdog_timeout_(TakeWatchdogTimeout()) {}

void ServiceNotifier::Ready() { Send("READY=1", /*wait=*/true); }

void ServiceNotifier::Stopping() {
  stopping_ = true;
  Send("STOPPING=1\nSTATUS=Stopping", /*wait=*/true);
}

void ServiceNotifier::SetStatus(absl::string_view status) {
  if (!stopping_) Send(absl::StrCat("STATUS=", status), /*wait=*/false);
}

void ServiceNotifier::FeedWatchdog() { Send("WATCHDOG=1", /*wait=*/false); }

void ServiceNotifier::Send(absl::string_view facts, bool wait) {
  if (address_.empty()) return;
  const int error = SendDatagram(address_, facts, wait);
  if (error == 0 || !failures_.Allow()) return;
  spdlog::warn("can't tell systemd \"{}\" at NOTIFY_SOCKET \"{}\": {}",
               std::string(facts), address_, std::strerror(error));
}

}  // namespace dissectd::server
