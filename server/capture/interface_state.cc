// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/interface_state.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "server/base/unique_fd.h"

namespace dissectd::server {

// Doesn't read /sys, which may show another network namespace.
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

}  // namespace dissectd::server
