// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/interface_state_watch.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <utility>

#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kInterval(1);

// Returns whether a network interface is administratively up; absent if there
// is no such interface. Doesn't read /sys, which may show another network
// namespace.
std::optional<bool> IsInterfaceUp(const std::string& name) {
  ifreq request = {};
  if (name.size() >= sizeof(request.ifr_name)) return std::nullopt;
  name.copy(request.ifr_name, name.size());
  const UniqueFd any_socket(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (ioctl(any_socket.get(), SIOCGIFFLAGS, &request) != 0) {
    return std::nullopt;
  }
  return (request.ifr_flags & IFF_UP) != 0;
}

}  // namespace

InterfaceStateWatch::InterfaceStateWatch(asio::io_context* context,
                                         std::vector<std::string> names,
                                         Changed changed)
    : timer_(*context),
      names_(std::move(names)),
      changed_(std::move(changed)) {}

void InterfaceStateWatch::Start() { Look(); }

void InterfaceStateWatch::Stop() {
  changed_ = nullptr;
  timer_.Stop();
}

void InterfaceStateWatch::Look() {
  for (const std::string& name : names_) {
    const std::optional<bool> up = IsInterfaceUp(name);
    if (!up.has_value()) continue;
    const auto [before, first_time] = up_.try_emplace(name, *up);
    if (first_time || before->second == *up) continue;
    before->second = *up;
    if (changed_ != nullptr) changed_(name, *up);
  }
  // It may have been stopped when it told of a change.
  if (changed_ == nullptr) return;
  timer_.Start(kInterval, [self = weak_from_this()] {
    const auto watch = self.lock();
    if (watch != nullptr) watch->Look();
  });
}

}  // namespace dissectd::server
