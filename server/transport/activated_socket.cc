// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/activated_socket.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kPrefix = "systemd:";

// Returns the path of a Unix socket, with `@` for an abstract one.
std::string UnixPath(const SocketAddress& address) {
  const auto* name = reinterpret_cast<const sockaddr_un*>(&address.storage);
  const size_t start = offsetof(sockaddr_un, sun_path);
  std::string path(name->sun_path,
                   address.size > start ? address.size - start : 0);
  if (!path.empty() && path[0] == '\0') {
    path[0] = '@';
    return path;
  }
  return std::string(path.c_str());
}

std::string HostAndPort(const SocketAddress& address) {
  char host[NI_MAXHOST] = "";
  char port[NI_MAXSERV] = "";
  getnameinfo(address.get(), address.size, host, sizeof(host), port,
              sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
  return address.storage.ss_family == AF_INET6
             ? absl::StrCat("[", host, "]:", port)
             : absl::StrCat(host, ":", port);
}

ListenAddress AddressOf(const ListeningSocket& socket,
                        const std::string& name) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  getsockname(socket.fd(), address.get(), &address.size);
  ListenAddress found;
  if (socket.is_unix()) found.path = UnixPath(address);
  found.text = absl::StrCat(kPrefix, name, " (",
                            socket.is_unix() ? absl::StrCat("unix:", found.path)
                                             : HostAndPort(address),
                            ")");
  found.addresses.push_back(address);
  return found;
}

// Returns whether an address to listen on means the sockets of a name.
bool Means(const std::string& listen, const std::string& name) {
  return listen == kPrefix || listen == absl::StrCat(kPrefix, name);
}

absl::Status CheckWanted(const PassedSocket& socket,
                         const std::vector<std::string>& listen) {
  if (std::any_of(listen.begin(), listen.end(), [&](const std::string& each) {
        return Means(each, socket.name);
      })) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "systemd listens on the socket \"", socket.name,
      "\" for the daemon, which no address names: set --listen=systemd:",
      socket.name, ", or stop the socket unit"));
}

absl::Status CheckThere(const std::string& listen,
                        const std::vector<PassedSocket>& passed) {
  if (!IsActivated(listen) ||
      std::any_of(passed.begin(), passed.end(), [&](const PassedSocket& each) {
        return Means(listen, each.name);
      })) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "can't listen on ", listen,
      ": systemd has passed no such socket; start the daemon by its socket "
      "unit"));
}

}  // namespace

bool IsActivated(absl::string_view listen) {
  return absl::StartsWith(listen, kPrefix);
}

absl::StatusOr<std::vector<ActivatedSocket>> AdoptSockets(
    const std::vector<std::string>& listen, std::vector<PassedSocket> passed) {
  for (const std::string& each : listen) {
    RETURN_IF_ERROR(CheckThere(each, passed));
  }
  std::vector<ActivatedSocket> adopted;
  for (PassedSocket& each : passed) {
    RETURN_IF_ERROR(CheckWanted(each, listen));
    absl::StatusOr<ListeningSocket> socket =
        ListeningSocket::Adopt(std::move(each.fd));
    if (!socket.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("can't use the socket \"", each.name,
                       "\" of systemd: ", socket.status().message()));
    }
    ListenAddress address = AddressOf(*socket, each.name);
    adopted.push_back({std::move(address), *std::move(socket)});
  }
  return adopted;
}

}  // namespace dissectd::server
